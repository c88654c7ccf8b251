/**
 * What `trigger` signs with and `listen` verifies with unless they are given another: everybody knows it, so that a first
 * try needs no key, and nothing but a try may take it.
 */
export const testSecret = `whsec_${Buffer.from('ringback test key, not a secret!').toString('base64')}`
