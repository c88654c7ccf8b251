import type { DestinationVerdict } from '../destination/verdict.ts'
import type { CallResponse } from './attempt/call-once.ts'
import type { Deliveries } from './deliveries.ts'
import type { DeliveryEvents, DeliveryListener } from './delivery-events.ts'
import type { DeliveryRequest } from './delivery-request.ts'
import type { Destinations } from './destinations.ts'
import type { Endpoints } from './endpoints/endpoint.ts'
import type { WebhookMessages } from './endpoints/messages.ts'
import type { HeldDeliveries } from './held-deliveries.ts'
import type { RecipientSecrets } from './keys/recipient-secrets.ts'
import type { PreparedDelivery } from './prepare-delivery.ts'

/**
 * A stored delivery. `repeated` means that its idempotency key was used before; `id` is then that of the first
 * delivery.
 */
export interface StoredResult {
  readonly id: string
  readonly url: string
  readonly repeated: boolean
}

/** The first delivery with an idempotency key. If its request still holds it, it may be taken back. */
export interface KnownDelivery {
  readonly id: string
  readonly url: string
  readonly held: boolean
}

/** Stores deliveries, sends them until they are settled, and reports what happens to them. */
export interface DeliveryEngine extends RecipientSecrets {
  /**
   * Checks a request and gives it an id, without any I/O. Throws `PayloadTooLargeError`, `ReservedHeaderError`, or a
   * `RangeError` for times that cannot be stored.
   */
  prepare(request: DeliveryRequest): PreparedDelivery
  /**
   * The first delivery with the same idempotency key, if there is one. Throws `IdempotencyConflictError` if that one
   * sends something else.
   */
  find(prepared: PreparedDelivery): Promise<KnownDelivery | undefined>
  /**
   * Stores all of them in one commit, or none, and wakes the worker. `transaction` is a connection of your own, in a
   * transaction of the same database. Throws `IdempotencyConflictError`, `StoreUnavailableError`, or
   * `StoreOutcomeUnknownError`; after the last, store the same prepared deliveries again. The first call may also throw
   * `MasterSecretUnknownError`, as `start` does.
   */
  store(
    prepared: readonly PreparedDelivery[],
    options?: { readonly transaction?: unknown },
  ): Promise<readonly StoredResult[]>
  /**
   * Stores all of them in one commit, or none, without making them due: they are sent when `makeDue` is called, or
   * after 60 s if neither `makeDue` nor `takeBack` was. This is for messages about something that you commit
   * afterwards. Throws as `store` does.
   */
  hold(prepared: readonly PreparedDelivery[]): Promise<HeldDeliveries>
  /** An id for a request that is made later, to be used as its `id`. */
  newId(): string
  /** Prepares and stores one request; see `store`. */
  send(
    request: DeliveryRequest,
    options?: { readonly transaction?: unknown },
  ): Promise<{ readonly id: string; readonly url: string }>
  /**
   * Sends one request now, with the same guard and signature; nothing is stored. Throws `DestinationRefusedError`,
   * `CallbackTimeoutError`, `CallbackUnreachableError`, `AttemptHeadersError`, or `TooManyCallsError` if too many calls
   * already wait for their turn.
   */
  call(request: DeliveryRequest): Promise<CallResponse>
  /** The guard's verdict on a URL, without looking its name up. */
  judgeUrl(url: string | URL): DestinationVerdict
  /**
   * Whether a request with this `CDN-Loop` header was sent by this engine, or by another one that shares a master
   * secret with it. If so, respond with 508 and do nothing (RFC 8586).
   */
  isOwnLoop(cdnLoop: string): boolean
  /** The public keys for `v1a` signatures, `whpk_…`. Publish them in the form that `publicKeySet` gives. */
  readonly publicKeys: readonly string[]
  readonly deliveries: Deliveries
  readonly destinations: Destinations
  /** The URLs that customers have registered for webhooks. */
  readonly endpoints: Endpoints
  /** What was sent to them. */
  readonly messages: WebhookMessages
  /** Registers a listener, and returns a function that removes it. */
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void
  /**
   * Begins to send what is due, unless `worker` is false. Rejects with `MasterSecretUnknownError` if the store was used
   * with other master secrets, and with `StoreUnavailableError` if the store cannot be used until somebody repairs it.
   * A store that just does not answer at the moment is waited for.
   */
  start(): Promise<void>
  /**
   * For how many milliseconds the worker has owed its next turn: a few, and up to some seconds while the store does not
   * answer. More than 60,000 means that it hangs, and that the process should be started anew. 0 where no worker runs.
   */
  readonly workerLateMs: number
  /** Begins nothing more. Running attempts go on and are recorded. This is the first step of an orderly end. */
  stopClaiming(): void
  /**
   * Begins nothing more and lets running attempts end for `graceMs` (default 10,000). Then it aborts and records the
   * others, and releases store and transport. Handlers have the rest of that time, and at least 1,000 ms; one that has
   * not ended runs again later. If the store does not answer for 1,000 ms after the grace time, closing goes on without
   * it: what it could not record is sent again.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>
  /** Sends what is due by the clock, until nothing more is. Meant for tests, and for jobs that run once. */
  deliverDue(): Promise<void>
}
