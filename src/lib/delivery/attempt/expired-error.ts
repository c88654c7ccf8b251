/** The attempt did not begin, because its delivery expired between the claim and now. */
export class ExpiredError extends Error {
  constructor() {
    super('The delivery expired before the attempt could begin')
  }
}
