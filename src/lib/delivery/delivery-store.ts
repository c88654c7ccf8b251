import type { BreakerSignal } from './breaker.ts'
import type { AttemptOutcome, DeliveryState } from './delivery-state.ts'

/**
 * Where deliveries are kept: the port between the engine and a database. Every implementation passes the suite of
 * `ringback/store-conformance`.
 *
 * Each method is one commit, and resolves after it. `now` is the caller's time in milliseconds since the epoch; a
 * store with a time of its own (a database server shared by several machines) uses that instead. A method that cannot
 * do its work rejects with `StoreUnavailableError` and has changed nothing.
 *
 * @example
 * ```ts
 * import type { DeliveryStore } from 'ringback/delivery'
 * import { memoryStore } from 'ringback/delivery'
 *
 * const store: DeliveryStore = memoryStore()
 * console.log(await store.counts())
 * ```
 */
export interface DeliveryStore {
  /** Where it is, for people: an absolute path, or a server's name without credentials. */
  readonly location: string
  /** Adds all of the rows or none. `transaction` is a connection of the caller's own that stands in a transaction. */
  add(request: AddRequest): Promise<AddResult>
  /** The delivery that an idempotency key stands for. */
  find(key: IdempotencyKey): Promise<KeyedDelivery | undefined>
  /**
   * Leases due rows to a worker, writes their attempts, and takes back the rows whose lease has passed. First chooses
   * among destinations, then their oldest rows: what waits for one destination costs the others nothing.
   */
  claim(request: ClaimRequest): Promise<ClaimResult>
  /** Ends attempts; one whose token is no longer current changes nothing and is told to be stale. */
  settle(request: SettleRequest): Promise<readonly SettleResult[]>
  /** Gives leased rows back as if they had never been claimed. */
  release(request: ReleaseRequest): Promise<void>
  /** Leases deliveries whose `onResponse` has still to run because the worker that should have run it died. */
  claimResponses(request: ClaimResponsesRequest): Promise<readonly DeliveredResponse[]>
  /** Notes that `onResponse` ran for these deliveries. */
  acknowledgeResponses(ids: readonly string[]): Promise<void>
  /** A page of deliveries, the newest first. */
  list(query: ListQuery): Promise<StoredPage>
  get(id: string): Promise<StoredDeliveryWithAttempts | undefined>
  counts(): Promise<Record<DeliveryState, number>>
  /** Makes a settled delivery due at once, under its own id or as a new one. */
  replay(request: ReplayRequest): Promise<ReplayResult>
  /** Cancels a delivery that is not settled; false where there is none. */
  cancel(request: { readonly id: string; readonly now: number }): Promise<boolean>
  /** Removes deliveries that match, with their attempts, up to a limit, and says how many it removed. */
  erase(request: EraseRequest): Promise<number>
  /** Removes what is older than its retention, a bounded piece at a time; true while there may be more. */
  purge(request: PurgeRequest): Promise<boolean>
  /** Finishes what was asked for and lets go of the database. */
  close(): Promise<void>
}

/** A delivery as it is added: complete in itself, so that any version of the code can send it. */
export interface NewDelivery {
  readonly id: string
  readonly operation: string
  readonly callback: string
  readonly method: string
  readonly url: string
  /** The base URL that is isolated from others. */
  readonly destination: string
  readonly origin: string
  readonly recipient: string
  /** Sealed at rest; undefined where there are none beyond the engine's own. */
  readonly headers: Uint8Array | undefined
  readonly body: Uint8Array | undefined
  /** The declared responses as JSON text. */
  readonly responses: string | undefined
  readonly retryDelaysSeconds: readonly number[]
  readonly timeoutMs: number
  readonly retryOnInvalidResponse: boolean
  readonly hasOnResponse: boolean
  readonly idempotencyKey: string | undefined
  /** A digest of what is sent, given with an idempotency key. */
  readonly digest: string | undefined
  readonly orderingKey: string | undefined
  /** Epoch milliseconds; undefined means at once. */
  readonly dueAt: number | undefined
}

/** See {@link DeliveryStore.add}. */
export interface AddRequest {
  readonly rows: readonly NewDelivery[]
  readonly now: number
  /** Throws `NotInTransactionError` where the store has no such connection, or no transaction is open on it. */
  readonly transaction?: unknown
}

/** Either what was added, in the order of the rows, or the row whose idempotency key stands for other bytes. */
export type AddResult =
  | { readonly added: readonly AddedDelivery[] }
  | { readonly conflict: { readonly index: number; readonly id: string } }

/** `repeated` where the idempotency key was known: `id` is then the first delivery's. */
export interface AddedDelivery {
  readonly id: string
  readonly repeated: boolean
}

/** What makes an idempotency key unique. */
export interface IdempotencyKey {
  readonly operation: string
  readonly callback: string
  readonly destination: string
  readonly idempotencyKey: string
}

/** A delivery found by its idempotency key. */
export interface KeyedDelivery {
  readonly id: string
  readonly digest: string
}

/** See {@link DeliveryStore.claim}. */
export interface ClaimRequest {
  readonly worker: string
  readonly now: number
  /** At most so many rows. */
  readonly limit: number
  /** At most so many attempts to one origin, those that `running` counts included. */
  readonly perOrigin: number
  /** The attempts on their way in this worker, by origin. */
  readonly running: ReadonlyMap<string, number>
  /** A lease lasts the row's time limit and this. */
  readonly leaseMarginMs: number
}

/** See {@link DeliveryStore.claim}. */
export interface ClaimResult {
  readonly claimed: readonly ClaimedDelivery[]
  /** The milliseconds until there may be something to claim again; undefined where nothing waits. */
  readonly nextDueInMs: number | undefined
  /** Deliveries that failed for good because three workers in a row died over them. */
  readonly poisoned: readonly StoredDelivery[]
}

/** What identifies a lease: a settle with an older token is refused. */
export interface Lease {
  readonly id: string
  readonly token: number
}

/** A delivery leased to a worker. */
export interface ClaimedDelivery extends Lease {
  readonly operation: string
  readonly callback: string
  readonly method: string
  readonly url: string
  readonly destination: string
  readonly origin: string
  readonly recipient: string
  readonly headers: Uint8Array | undefined
  readonly body: Uint8Array | undefined
  readonly responses: string | undefined
  readonly retryDelaysSeconds: readonly number[]
  readonly timeoutMs: number
  readonly retryOnInvalidResponse: boolean
  readonly hasOnResponse: boolean
  readonly createdAt: number
  /** The number of this attempt, from 1. */
  readonly attemptNumber: number
  /** How many waits of the schedule are used up. */
  readonly retriesUsed: number
}

/** See {@link DeliveryStore.settle}. */
export interface SettleRequest {
  readonly settlements: readonly Settlement[]
  readonly now: number
}

/** The end of one attempt. */
export interface Settlement extends Lease {
  readonly outcome: AttemptOutcome
  readonly answer: AttemptAnswer | undefined
  /** One sentence on what went wrong, without secrets. */
  readonly error: string | undefined
  readonly next: NextStep
  /** What the attempt tells of the destination, and of the origin. */
  readonly destinationSignal: BreakerSignal | undefined
  readonly originSignal: BreakerSignal | undefined
}

/** What came back, as far as it is kept. */
export interface AttemptAnswer {
  readonly status: number
  /** JSON text of names and values; those of credential headers masked. */
  readonly headers: string
  readonly body: Uint8Array
  readonly bodyTruncated: boolean
  readonly address: string | undefined
}

/** What becomes of a delivery after an attempt. */
export type NextStep =
  | {
      readonly state: 'scheduled'
      readonly delayMs: number
      /** Whether a wait of the schedule is used up: not where the attempt was abandoned. */
      readonly usesRetry: boolean
    }
  | {
      readonly state: 'delivered'
      readonly responseValid: boolean
      /** Leases `onResponse` to the worker that settles; undefined where there is none to run. */
      readonly responseLeaseMs: number | undefined
    }
  | { readonly state: 'failed' | 'blocked' }

/** See {@link DeliveryStore.settle}; `opened` and `closed` where the destination's breaker changed so. */
export interface SettleResult {
  readonly stale: boolean
  /** Whether something else became due by it, which waited behind this one or for the destination. */
  readonly frees: boolean
  readonly destination?: 'opened' | 'closed' | undefined
}

/** See {@link DeliveryStore.release}. */
export interface ReleaseRequest {
  readonly leases: readonly Lease[]
  readonly now: number
}

/** See {@link DeliveryStore.claimResponses}. */
export interface ClaimResponsesRequest {
  readonly now: number
  readonly limit: number
  readonly leaseMs: number
}

/** A delivered answer whose `onResponse` has still to run. */
export interface DeliveredResponse {
  readonly delivery: StoredDelivery
  readonly answer: AttemptAnswer
}

/** Which deliveries; all that is given must match. */
export interface StoreFilter {
  readonly state?: DeliveryState | undefined
  readonly operation?: string | undefined
  readonly callback?: string | undefined
  /** The beginning of the URL. */
  readonly url?: string | undefined
  /** Created at or after, epoch milliseconds. */
  readonly since?: number | undefined
  /** Created before, epoch milliseconds. */
  readonly until?: number | undefined
}

/** See {@link DeliveryStore.erase}. */
export interface EraseRequest extends StoreFilter {
  readonly now: number
  /** At most so many. */
  readonly limit: number
}

/** See {@link DeliveryStore.list}. */
export interface ListQuery extends StoreFilter {
  readonly cursor?: string | undefined
  readonly limit: number
}

/** See {@link DeliveryStore.list}. */
export interface StoredPage {
  readonly items: readonly StoredDelivery[]
  readonly nextCursor: string | undefined
}

/** A delivery as it stands in the store, without its bytes. */
export interface StoredDelivery {
  readonly id: string
  readonly state: DeliveryState
  readonly operation: string
  readonly callback: string
  readonly method: string
  readonly url: string
  readonly destination: string
  readonly attemptCount: number
  readonly responseValid: boolean | undefined
  readonly createdAt: number
  readonly nextAttemptAt: number | undefined
  readonly settledAt: number | undefined
}

/** One attempt as it stands in the store. */
export interface StoredAttempt {
  readonly number: number
  readonly startedAt: number
  readonly finishedAt: number | undefined
  readonly outcome: AttemptOutcome | undefined
  readonly answer: AttemptAnswer | undefined
  readonly error: string | undefined
}

/** See {@link DeliveryStore.get}. */
export interface StoredDeliveryWithAttempts extends StoredDelivery {
  /** Sealed at rest. */
  readonly headers: Uint8Array | undefined
  readonly body: Uint8Array | undefined
  readonly attempts: readonly StoredAttempt[]
}

/** See {@link DeliveryStore.replay}. */
export interface ReplayRequest {
  readonly id: string
  readonly newId?: string | undefined
  readonly now: number
}

/** Why a delivery was not replayed, or that it was. */
export type ReplayResult = 'replayed' | 'missing' | 'not-settled' | 'bytes-purged'

/** See {@link DeliveryStore.purge}; ages count from the time of settling. */
export interface PurgeRequest extends Retention {
  readonly now: number
}

/** How long settled deliveries are kept. */
export interface Retention {
  /** Bodies and headers, sent and received. */
  readonly bytesMs: number
  /** The rows of deliveries that did not fail. */
  readonly rowsMs: number
  /** The rows of failed ones. */
  readonly failedMs: number
}
