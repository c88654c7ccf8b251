/** What the server under test sends now and then while its event loop turns. */
export const SIGN_OF_LIFE = 'alive'
