/** A response as a `Dedupe` keeps it. */
export interface StoredResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON text; undefined for no body. */
  readonly body: string | undefined
}

/** A claim that was given: `token` is new each time, so that who has lost it cannot end another's. */
export interface ClaimedMessage {
  /** What the message is called here: 43 characters made of its id and of which receiver it is for. */
  readonly key: string
  readonly token: string
}

/** What `claim` gives: the message is ours to handle, or somebody is at it, or it was handled and this was the response. */
export type DedupeClaim =
  | { readonly state: 'claimed'; readonly token: string }
  | { readonly state: 'running'; readonly retryAfterMs: number }
  | { readonly state: 'handled'; readonly response: StoredResponse }

/**
 * Remembers which messages were handled, so that one that comes again gets the response it got before. Made by
 * `memoryDedupe`, `sqliteDedupe` and `postgresDedupe`; or write your own, for another database. All processes that
 * receive the same messages share one.
 *
 * A claim holds for `leaseSeconds` (60): a handler that was killed, or takes longer, is run again after that. A handled
 * message is kept for `keepDays` (10), longer than any sender repeats it.
 */
export interface Dedupe {
  /** Claims a message that nobody has claimed or handled; at most one of those who claim at the same time gets it. */
  claim(key: string): DedupeClaim | Promise<DedupeClaim>
  /**
   * Stores the response of a claimed message. With `transaction`, a connection of the handler's in an open transaction
   * of the same database, it is stored if that commits. Throws `ClaimLostError` where somebody else has the claim now.
   */
  complete(claim: ClaimedMessage, response: StoredResponse, transaction?: unknown): void | Promise<void>
  /** Gives a claim back: the handler has failed, and the next attempt is handled at once. */
  release(claim: ClaimedMessage): void | Promise<void>
}

/** How long a claim and a handled message are kept. */
export interface DedupeTimes {
  /** How long a claim holds, in seconds. A handler must not take longer. Default: 60. */
  readonly leaseSeconds?: number
  /** How long a handled message is kept, in days. Default: 10; the schedule of a sender is seldom longer than three. */
  readonly keepDays?: number
}
