import type { Lease, StoredAttempt, StoredDelivery } from '../stored-delivery.ts'

/** See `DeliveryStore.claimHandlers`. */
export interface ClaimHandlersRequest {
  readonly now: number
  readonly limit: number
  readonly leaseMs: number
}

/** A settled delivery whose handler has still to run. */
export interface UnhandledDelivery {
  readonly delivery: StoredDelivery
  /** The token of its last attempt. */
  readonly token: number
  /** How often its handler has failed so far. */
  readonly failures: number
  /** The last attempt, if there was one. */
  readonly attempt: Pick<StoredAttempt, 'response' | 'error'> | undefined
}

/** See `DeliveryStore.endHandlers`. */
export interface EndHandlersRequest {
  readonly handlers: readonly HandlerEnd[]
  readonly now: number
}

/** How a handler ended: it need not run any more, or it failed and is to run again after a while. */
export interface HandlerEnd extends Lease {
  readonly againInMs: number | undefined
}

/** See `DeliveryStore.claimOutages`. */
export interface ClaimOutagesRequest extends ClaimHandlersRequest {
  readonly afterMs: number
}

/** Which outage of which destination, and what is told about it. */
export interface OutageKey {
  readonly origin: string
  readonly url: string
  readonly recipient: string | undefined
  /** When the first attempt after the last 2xx failed. */
  readonly since: number
  readonly state: 'began' | 'ended'
}

/** An outage for which `onOutage` has still to run. */
export interface UnhandledOutage extends OutageKey {
  readonly endedAt: number | undefined
  /** How often it has failed so far. */
  readonly failures: number
}

/** See `DeliveryStore.endOutages`. */
export interface EndOutagesRequest {
  readonly outages: readonly OutageEnd[]
  readonly now: number
}

/** How `onOutage` ended: it need not run any more, or it failed and is to run again after a while. */
export interface OutageEnd extends OutageKey {
  readonly againInMs: number | undefined
}
