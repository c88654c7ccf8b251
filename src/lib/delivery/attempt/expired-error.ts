/** An attempt did not begin: its delivery expired between the claim and now. */
export class ExpiredError extends Error {
  constructor() {
    super('The delivery expired before the attempt could begin')
  }
}
