/** How much may wait for a store; see {@link SqliteStoreOptions}. */
export interface SqliteStoreLimits {
  /** How many operations may wait. Further ones are refused with `StoreUnavailableError`. Default: 10,000. */
  readonly queueLimit?: number
  /**
   * How long an operation may wait from its call on, for the queue and for a lock. If it has begun and there is no
   * result 1,000 ms after that time, for example because the disk hangs, it is refused with `StoreOutcomeUnknownError`.
   * Default: 5,000.
   */
  readonly waitLimitMs?: number
}
