/** Something that the demo should show did not happen. The message says what. */
export class Failure extends Error {
  override readonly name = 'Failure'
}
