import type { AttemptOutcome, DeliveryState, SettledReason } from './delivery-state.ts'
import type { HealthSignal } from './endpoints/endpoint-health.ts'
import type { ClaimedEndpoint } from './endpoints/endpoint-store.ts'
import type { BreakerSignal } from './isolation/breaker.ts'
import type { OriginLane } from './isolation/origin-lane.ts'

/** What a store knows of a message, unchanged from its storing to its last attempt. */
export interface DeliveryJob {
  readonly id: string
  readonly operation: string
  readonly callback: string
  readonly method: string
  readonly url: string
  /** The base URL, in its canonical form. Each pair of destination and recipient is isolated from all others. */
  readonly destination: string
  readonly origin: string
  /** The tenant whose secret signs; undefined if none is named, so that the destination's own secret signs. */
  readonly recipient: string | undefined
  /** The suffix of the `webhook-id`. */
  readonly destinationHash: string
  readonly timeoutMs: number
  /** What it carries: opaque bytes, which a store returns unchanged. */
  readonly content: Uint8Array
}

/** A delivery to be added. It is complete in itself, so that any version of the code can send it. */
export interface NewDelivery extends DeliveryJob {
  /** Whether some of its content is sealed with a key of the master secret. */
  readonly isSealed: boolean
  readonly idempotencyKey: string | undefined
  /** A digest of what is sent; only with an idempotency key. */
  readonly digest: string | undefined
  readonly orderingKey: string | undefined
  /** The time that its sender asked for, in epoch milliseconds; undefined means at once. */
  readonly dueAt: number | undefined
  /** How long to wait after it is stored; no longer than that even if the clock is corrected meanwhile. */
  readonly delayMs: number | undefined
  /** No attempt begins at this time or later, in epoch milliseconds. A replay never expires. */
  readonly expiresAt: number | undefined
  /**
   * If given, this is the message of a webhook, `callback` is the name of its event, and each endpoint that it is for
   * gets a delivery of its own: `url` and `destination` are empty.
   */
  readonly webhook?: WebhookTargets | undefined
}

/** Which endpoints get a message. */
export interface WebhookTargets {
  /** Empty for everyone's. */
  readonly owner: string
  /** Endpoints that have channels get it only if they have one of these. */
  readonly channels: readonly string[]
  /** When it happened, in epoch milliseconds. */
  readonly timestamp: number
  /** The endpoint that it speaks of, which does not get it. */
  readonly except?: string | undefined
  /** The names of newer forms of the same event: an endpoint that names one of them gets that form instead. */
  readonly newer: readonly string[]
  /** The names of all other forms: an endpoint that names one of them does not get this one for `*`. */
  readonly chain: readonly string[]
  /** Endpoints with `*` that were created in this time get it, in epoch milliseconds; `starUntil` is excluded. */
  readonly starFrom: number
  readonly starUntil: number
  /** The same event in the form before this one, stored in the same commit. */
  readonly older?: NewDelivery | undefined
}

/** What identifies a lease: settling with an older token is refused. */
export interface Lease {
  readonly id: string
  readonly token: number
}

/** A delivery leased to a worker. */
export interface ClaimedDelivery extends DeliveryJob, Lease {
  /** The lane of its origin when it was claimed. */
  readonly lane: OriginLane
  /** The versions of the secret that sign, the newest first, as the store's `secretVersions` gives them. */
  readonly secretVersions: readonly number[]
  readonly createdAt: number
  /** As in {@link NewDelivery}. */
  readonly expiresAt: number | undefined
  /** The number of this attempt, from 1. */
  readonly attemptNumber: number
  /** How many waits of the schedule are used up. */
  readonly retriesUsed: number
  /** The status of the last response to one of the 50 attempts before this one. */
  readonly lastStatus: number | undefined
  /** How many attempts in a row before this one were abandoned, counted up to ten. */
  readonly abandonedInARow: number
  /** Of a webhook's delivery: where it goes, as the endpoint is now. */
  readonly endpoint?: ClaimedEndpoint | undefined
}

/** What came back, as far as it is kept. */
export interface AttemptResponse {
  readonly status: number
  /** JSON text of names and values, with those of credential headers masked; opaque if bodies are sealed. */
  readonly headers: string
  /** Sealed if bodies are; empty if it is no longer kept. */
  readonly body: Uint8Array
  readonly bodyTruncated: boolean
  readonly address: string | undefined
}

/** The end of one attempt. */
export interface AttemptResult extends Lease {
  readonly outcome: AttemptOutcome
  readonly response: AttemptResponse | undefined
  /** One sentence on what went wrong, without secrets. */
  readonly error: string | undefined
  readonly next: NextStep
  /** What the attempt shows about the destination, and about the origin. */
  readonly destinationSignal: BreakerSignal | undefined
  readonly originSignal: BreakerSignal | undefined
  /** Of a webhook's delivery: the URL that was called, and what it shows about the endpoint, if anything. */
  readonly url?: string | undefined
  readonly endpointSignal?: HealthSignal | undefined
}

/** What becomes of a delivery after an attempt. */
export type NextStep =
  | {
      readonly state: 'scheduled'
      readonly delayMs: number
      /** Whether a wait of the schedule is used up. It is not if the attempt was abandoned. */
      readonly usesRetry: boolean
    }
  | {
      readonly state: 'delivered'
      /** Undefined means not checked. */
      readonly responseValid: boolean | undefined
      /** Leases `onResponse` to the worker that settles; undefined if it need not run. */
      readonly responseLeaseMs: number | undefined
    }
  | {
      readonly state: 'failed' | 'blocked'
      /** If the attempt itself does not show why. */
      readonly reason?: SettledReason | undefined
      /** Leases `onFailed` to the worker that settles; undefined if it need not run. */
      readonly failedLeaseMs?: number | undefined
    }

/** A delivery as it is in the store, without its bytes. */
export interface StoredDelivery {
  readonly id: string
  readonly state: DeliveryState
  readonly operation: string
  readonly callback: string
  readonly method: string
  readonly url: string
  readonly destination: string
  readonly recipient: string | undefined
  readonly destinationHash: string
  readonly attemptCount: number
  readonly responseValid: boolean | undefined
  readonly createdAt: number
  readonly nextAttemptAt: number | undefined
  readonly settledAt: number | undefined
  /** Undefined if the attempts show the reason, and until it settles. */
  readonly reason: SettledReason | undefined
  /** Of a webhook's delivery: the ids of its endpoint and its message, and whose the endpoint is. */
  readonly endpoint?: string | undefined
  readonly message?: string | undefined
  readonly owner?: string | undefined
}

/** One attempt as it is in the store. */
export interface StoredAttempt {
  readonly number: number
  readonly startedAt: number
  readonly finishedAt: number | undefined
  readonly outcome: AttemptOutcome | undefined
  readonly response: AttemptResponse | undefined
  readonly error: string | undefined
  /** The URL that it called; undefined if that is the delivery's. */
  readonly url?: string | undefined
}

/** See {@link DeliveryStore.get}. */
export interface StoredDeliveryWithAttempts extends StoredDelivery {
  /** Undefined if it is past its retention. */
  readonly content: Uint8Array | undefined
  readonly attempts: readonly StoredAttempt[]
}

/** Which deliveries are meant; all given conditions must match. */
export interface StoreFilter {
  /** One state, or any of several. */
  readonly state?: DeliveryState | readonly DeliveryState[] | undefined
  readonly operation?: string | undefined
  readonly callback?: string | undefined
  /** The beginning of the URL. */
  readonly url?: string | undefined
  /** The beginning of the id. */
  readonly id?: string | undefined
  /** The beginning of the idempotency key. */
  readonly idempotencyKey?: string | undefined
  /** In its canonical form. */
  readonly destination?: string | undefined
  readonly recipient?: string | undefined
  /** Whether an attempt has begun. */
  readonly attempted?: boolean | undefined
  /** The ids of an endpoint, and of a webhook's message. */
  readonly endpoint?: string | undefined
  readonly message?: string | undefined
  /** Whose endpoint it is. */
  readonly owner?: string | undefined
  /** Created at or after this time, in epoch milliseconds. */
  readonly since?: number | undefined
  /** Created before this time, in epoch milliseconds. */
  readonly until?: number | undefined
}

/** How long settled deliveries are kept. */
export interface Retention {
  /** What was sent, and the responses. */
  readonly bytesMs: number
  /** The same for webhooks. */
  readonly webhookMs: number
  /** The rows of deliveries that did not fail. */
  readonly rowsMs: number
  /** The rows of failed ones. */
  readonly failedMs: number
}

/** What makes an idempotency key unique. */
export interface IdempotencyKey {
  readonly operation: string
  readonly callback: string
  readonly destination: string
  readonly recipient: string | undefined
  readonly idempotencyKey: string
}
