/** A step through the deliveries in the order of their numbers. */
export interface WalkStep {
  /** Begins after this number. */
  readonly after: string
  readonly order: 'asc' | 'desc'
  /** At most so many matching rows. */
  readonly limit: number
}
