/** How much may wait for a store; see {@link SqliteStoreOptions}. */
export interface SqliteStoreLimits {
  /** Operations that may wait; more are refused with `StoreUnavailableError`. Default: 10,000. */
  readonly queueLimit?: number
  /**
   * How long an operation may wait, from its call on, for the queue and for a lock. One that was begun and is not answered
   * 1,000 ms later, as on a disk that hangs, is refused with `StoreOutcomeUnknownError`. Default: 5,000.
   */
  readonly waitLimitMs?: number
}
