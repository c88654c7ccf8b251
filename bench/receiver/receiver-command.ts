/** Asks the receiver for its state: at once, or after this many requests or this much time. */
export interface ReceiverCommand {
  readonly until?: number
  readonly limitMs: number
}

/** What the receiver has received. */
export interface ReceiverState {
  /** Since it began. */
  readonly requests: number
  /** Since it began: with TLS, handshakes. */
  readonly connections: number
  /** From `sentAt` in the body to the last byte of it, for each request to `/latency` since it was last asked. */
  readonly arrivalsMs: readonly number[]
}
