/** Asks the receiver for its state, if wanted once it has had so many requests or the time is over. */
export interface ReceiverCommand {
  readonly until?: number
  readonly limitMs: number
}

/** What the receiver has had. */
export interface ReceiverState {
  /** Since it began. */
  readonly requests: number
  /** From `sentAt` in the body to the last byte of it, for each request to `/latency` since it was last asked. */
  readonly arrivalsMs: readonly number[]
}
