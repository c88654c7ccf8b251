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
 * - `healthy`: messages are sent there
 * - `slowed`: it asked for fewer requests, or several attempts in a row failed: one attempt at a time, after a pause
 * - `open`: it or its host is failing, and the circuit breaker is open: one probe from time to time
 * - `paused`: somebody paused it
 */
export type DestinationState = 'healthy' | 'slowed' | 'open' | 'paused'

/** Every state of a destination. */
export const destinationStates: readonly DestinationState[] = Object.freeze(['healthy', 'slowed', 'open', 'paused'])

/** A destination as it is in the store. */
export interface StoredDestination {
  readonly url: string
  readonly recipient: string | undefined
  readonly state: DestinationState
  /** The failed attempts in a row at this destination, and those that did not reach its host. */
  readonly failures: number
  readonly originFailures: number
  /** Nothing is sent before this time, because the destination or its host is slowed or failing. */
  readonly pausedUntil: number | undefined
  readonly pause: Pause | undefined
  /** Its own rate; undefined if it uses the default. */
  readonly ratePerSecond: number | undefined
  /** How many deliveries wait, counted up to `mostWaitingCounted`. */
  readonly waiting: number
  /** When the oldest of those was created. */
  readonly oldestWaitingAt: number | undefined
  /** When the last 2xx came, accurate to a second. */
  readonly lastSuccessAt: number | undefined
}

/** Counting more would cost too much. */
export const mostWaitingCounted = 1_000

/** See `DeliveryStore.destinations`; all given conditions must match. */
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
  /** Whether `url` is only the beginning of a URL. */
  readonly isBeginning: boolean
  /** Undefined means all destinations at this URL, including those of recipients that come later. */
  readonly recipient: string | undefined
  readonly change:
    | { readonly kind: 'pause'; readonly reason: string; readonly by: string }
    | { readonly kind: 'resume' }
    /** Undefined restores the default. */
    | { readonly kind: 'rate'; readonly ratePerSecond: number | undefined }
  readonly now: number
}
