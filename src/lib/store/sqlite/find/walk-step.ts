/** A step through the deliveries in the order of their numbers. */
export interface WalkStep {
  /** Begins after this number. */
  readonly after: number
  readonly order: 'asc' | 'desc'
  /** The most matching rows. */
  readonly limit: number
}
