/** Why and by whom something is paused. */
export interface Pause {
  /** Epoch milliseconds. */
  readonly at: number
  readonly reason: string
  readonly by: string
}

/**
 * How a destination is doing:
 *
 * - `healthy`: it is sent to
 * - `slowed`: it asked for less, or some attempts in a row were not accepted: one at a time, after a pause
 * - `open`: it or its host fails, and the circuit breaker is open: one probe from time to time
 * - `paused`: somebody paused it
 */
export type DestinationState = 'healthy' | 'slowed' | 'open' | 'paused'

/** Every state of a destination. */
export const destinationStates: readonly DestinationState[] = Object.freeze(['healthy', 'slowed', 'open', 'paused'])

/** A destination as it stands in the store. */
export interface StoredDestination {
  readonly url: string
  readonly recipient: string | undefined
  readonly state: DestinationState
  /** Attempts in a row that did not go well, there, and such as did not reach its host. */
  readonly failures: number
  readonly originFailures: number
  /** Nothing is sent before, where it or its host is slowed or fails. */
  readonly pausedUntil: number | undefined
  readonly pause: Pause | undefined
  /** Its own; undefined where the default holds. */
  readonly ratePerSecond: number | undefined
  /** Deliveries that wait, counted up to `mostWaitingCounted`. */
  readonly waiting: number
  /** When the oldest of those was created. */
  readonly oldestWaitingAt: number | undefined
  /** When a 2xx came last, to within a second. */
  readonly lastSuccessAt: number | undefined
}

/** Of more, counting would cost too much. */
export const mostWaitingCounted = 1_000

/** See `DeliveryStore.destinations`; all that is given must match. */
export interface DestinationsQuery {
  readonly state?: DestinationState | undefined
  /** Part of the URL, or of the recipient. */
  readonly text?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
  readonly now: number
}

/** See `DeliveryStore.destinations`. */
export interface DestinationsPage {
  readonly items: readonly StoredDestination[]
  readonly nextCursor: string | undefined
}

/** See `DeliveryStore.changeDestinations`. */
export interface DestinationsChange {
  readonly origin: string
  /** The base URL, in its canonical form. */
  readonly url: string
  /** Whether it is only the beginning of one. */
  readonly isBeginning: boolean
  /** Undefined: all that have this URL, and those of recipients that come later. */
  readonly recipient: string | undefined
  readonly change:
    | { readonly kind: 'pause'; readonly reason: string; readonly by: string }
    | { readonly kind: 'resume' }
    /** Undefined: the default holds again. */
    | { readonly kind: 'rate'; readonly ratePerSecond: number | undefined }
  readonly now: number
}
