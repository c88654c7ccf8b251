import type { DestinationVerdict } from '../destination/verdict.ts'
import type { CallResponse } from './attempt/call-once.ts'
import type { Deliveries } from './deliveries.ts'
import type { DeliveryEvents, DeliveryListener } from './delivery-events.ts'
import type { DeliveryRequest } from './delivery-request.ts'
import type { Destinations } from './destinations.ts'
import type { HeldDeliveries } from './held-deliveries.ts'
import type { RecipientSecrets } from './keys/recipient-secrets.ts'
import type { PreparedDelivery } from './prepare-delivery.ts'

/** A delivery that is stored; `repeated` where its idempotency key was known, `id` is then the first one's. */
export interface StoredResult {
  readonly id: string
  readonly url: string
  readonly repeated: boolean
}

/** The first delivery of an idempotency key. One that is held by its request may still be taken back. */
export interface KnownDelivery {
  readonly id: string
  readonly url: string
  readonly held: boolean
}

/** Stores deliveries, sends them until they are settled, and tells about it. */
export interface DeliveryEngine extends RecipientSecrets {
  /**
   * Checks a request and gives it its id, without any I/O. Throws `PayloadTooLargeError`, `ReservedHeaderError`, or a
   * `RangeError` for times that cannot be kept.
   */
  prepare(request: DeliveryRequest): PreparedDelivery
  /**
   * The first delivery of the same idempotency key, where there is one. Throws `IdempotencyConflictError` where it sends
   * something else.
   */
  find(prepared: PreparedDelivery): Promise<KnownDelivery | undefined>
  /**
   * Stores all of them in one commit, or none, and wakes the worker. `transaction` is a connection of your own in a
   * transaction of the same database. Throws `IdempotencyConflictError`, `StoreUnavailableError`, or
   * `StoreOutcomeUnknownError`: then store the same prepared ones again. The first time also `MasterSecretUnknownError`, as
   * `start` does.
   */
  store(
    prepared: readonly PreparedDelivery[],
    options?: { readonly transaction?: unknown },
  ): Promise<readonly StoredResult[]>
  /**
   * Stores all of them in one commit, or none, to be sent when `makeDue` says so, or after 60 s if nobody has said anything:
   * for what is told before a commit of your own. Throws as `store` does.
   */
  hold(prepared: readonly PreparedDelivery[]): Promise<HeldDeliveries>
  /** An id for a request that is made later: its `id`. */
  newId(): string
  /** Prepares and stores; see `store`. */
  send(
    request: DeliveryRequest,
    options?: { readonly transaction?: unknown },
  ): Promise<{ readonly id: string; readonly url: string }>
  /**
   * Sends one request now, through the same guard and signature; nothing is stored. Throws `DestinationRefusedError`,
   * `CallbackTimeoutError`, `CallbackUnreachableError`, `AttemptHeadersError`, or `TooManyCallsError` where too many wait for
   * their turn.
   */
  call(request: DeliveryRequest): Promise<CallResponse>
  /** What the guard says of a URL without looking its name up. */
  judgeUrl(url: string | URL): DestinationVerdict
  /**
   * Whether a request with this `CDN-Loop` header was sent by this engine, or by another one with one of its master secrets:
   * then answer it with 508 and do nothing (RFC 8586).
   */
  isOwnLoop(cdnLoop: string): boolean
  /** The keys that `v1a` signatures are verified with, `whpk_…`: publish them as `publicKeySet` gives them. */
  readonly publicKeys: readonly string[]
  readonly deliveries: Deliveries
  readonly destinations: Destinations
  /** Registers a listener, and gives back a function that removes it. */
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void
  /**
   * Begins to send what is due, unless `worker` is false. Rejects with `MasterSecretUnknownError` where the store was used
   * with other master secrets, and with `StoreUnavailableError` where it cannot be used until somebody mends it; one that
   * only does not answer now is waited for.
   */
  start(): Promise<void>
  /** Begins nothing more; attempts on their way go on and are recorded. The first step of an orderly end. */
  stopClaiming(): void
  /**
   * Begins nothing more, lets attempts end for `graceMs` (default 10,000), aborts and records the others, and lets go of
   * store and transport. Handlers have the rest of that time, at least 1,000 ms; one that is left runs again later. A
   * store that does not answer is given up 1,000 ms after that time: what it could not record is sent again.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>
  /** Sends what is due by the clock, until nothing more is: for tests and jobs that run once. */
  deliverDue(): Promise<void>
}
