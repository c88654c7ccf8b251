import type { DeliveryState } from './delivery-state.ts'
import type { LaneLimits } from './isolation/origin-lane.ts'
import type { StoredStats } from './manage/store-stats.ts'
import type {
  AttemptResponse,
  AttemptResult,
  ClaimedDelivery,
  IdempotencyKey,
  Lease,
  NewDelivery,
  Retention,
  StoredDelivery,
  StoredDeliveryWithAttempts,
  StoreFilter,
} from './stored-delivery.ts'

/**
 * Where deliveries are kept: the port between the engine and a database. Every implementation passes the suite of
 * `ringback/store-conformance`.
 *
 * Each method is one commit, and resolves after it. `now` is the caller's time in milliseconds since the epoch; a
 * store with a time of its own (a database server shared by several machines) uses that instead. A method that cannot
 * do its work rejects with `StoreUnavailableError` and has changed nothing; one that cannot tell what it has changed rejects
 * with `StoreOutcomeUnknownError`, and gives back what a claim of that kind has leased where it comes to know of it.
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
  /**
   * Asks whether master secrets may be used with this store, before anything is stored or signed with them. A store that
   * knows one of their ids, and a store that knows none at all and holds nothing sealed, knows all of them from then on.
   */
  useKeys(request: UseKeysRequest): Promise<UseKeysResult>
  /**
   * Adds all of the rows or none; a delivery whose id is given once more stays as it is. `transaction` is a connection of
   * the caller's own that stands in a transaction.
   */
  add(request: AddRequest): Promise<AddResult>
  /**
   * Makes held deliveries due, where none of them was begun or ended meanwhile, and gives the ids of those. Nobody holds
   * them any more.
   */
  makeDue(request: MakeDueRequest): Promise<readonly string[]>
  /**
   * Removes held deliveries with their idempotency keys, and gives the ids of those it removed. What another request holds
   * as well, has made due, or a worker has begun after the time of holding, stays.
   */
  takeBack(request: { readonly ids: readonly string[]; readonly now: number }): Promise<readonly string[]>
  /** The delivery that an idempotency key stands for. */
  find(key: IdempotencyKey): Promise<KeyedDelivery | undefined>
  /**
   * Leases due rows to a worker, begins their attempts, and takes back the rows whose lease has passed. First chooses
   * among origins, lane by lane; then among their destinations, and then their oldest rows: what waits for one destination
   * costs the others nothing.
   *
   * Known and silent origins go in the order in which they became ready. New ones go by turns: each that becomes ready gets
   * a number one above the last waiting one of its group, or the lowest that waits if its group has none; the lowest goes
   * first, and among equals the one that came last. A new or silent origin has one attempt at a time.
   */
  claim(request: ClaimRequest): Promise<ClaimResult>
  /** Ends attempts; one whose token is no longer current changes nothing and is told to be stale. */
  endAttempts(request: EndAttemptsRequest): Promise<readonly EndAttemptResult[]>
  /** Gives leased rows back as if they had never been claimed. */
  release(request: ReleaseRequest): Promise<void>
  /** Leases deliveries whose `onResponse` has still to run because the worker that should have run it died. */
  claimResponses(request: ClaimResponsesRequest): Promise<readonly DeliveredResponse[]>
  /** Notes that `onResponse` ran for these deliveries. */
  acknowledgeResponses(ids: readonly string[]): Promise<void>
  /**
   * A page of deliveries, the newest first. A page may be short, or empty, although there is a next one: a store looks at a
   * bounded number of deliveries for each.
   */
  list(query: ListQuery): Promise<StoredPage>
  get(id: string): Promise<StoredDeliveryWithAttempts | undefined>
  counts(): Promise<Record<DeliveryState, number>>
  /** What the store counts of itself: kept as it changes, so that asking costs no more than a millisecond whatever it holds. */
  stats(request: { readonly now: number }): Promise<StoredStats>
  /** Makes a settled delivery due at once, under its own id or as a new one. */
  replay(request: ReplayRequest): Promise<ReplayResult>
  /** Begins a replay of the settled deliveries that match, among those that there are now. */
  startReplay(request: StartReplayRequest): Promise<void>
  /**
   * Does a piece of the replay that was begun first of those that are not finished, the oldest deliveries first, and tells how it
   * stands; undefined where there is none. What was done and how far it got are one commit, so any worker can go on.
   */
  continueReplays(request: ContinueReplaysRequest): Promise<StoredReplay | undefined>
  getReplay(id: string): Promise<StoredReplay | undefined>
  /** Makes a scheduled delivery that nobody holds due at once; false where there is none. */
  sendNow(request: { readonly id: string; readonly now: number }): Promise<boolean>
  /** Cancels a delivery that is not settled; false where there is none. */
  cancel(request: { readonly id: string; readonly now: number }): Promise<boolean>
  /**
   * Removes deliveries that match, with their attempts, and says how many it removed: at most `limit`, fewer where they are
   * large, and none only where none is left.
   */
  erase(request: EraseRequest): Promise<number>
  /**
   * The versions of a recipient's secret that sign at present, the newest first: at least one, since nobody who was
   * never rotated has another than 1; and no more than `mostSecretVersions`.
   */
  secretVersions(request: { readonly recipient: string; readonly now: number }): Promise<readonly number[]>
  /**
   * Begins a new version of a recipient's secret and gives its number. Those before sign until `now` and `overlapMs`, or
   * until they would have ended already; of more than `mostSecretVersions` the oldest end at once.
   */
  rotateSecret(request: RotateSecretRequest): Promise<number>
  /** Removes what is older than its retention, a bounded piece at a time; true while there may be more. */
  purge(request: PurgeRequest): Promise<boolean>
  /**
   * Sees to it that nothing of what was erased or purged can be read in the store's files any more; false where somebody who
   * reads, or writes, holds that up at the moment. A store tries again by itself, too.
   */
  wipe(): Promise<boolean>
  /**
   * Finishes what was asked for and lets go of the database. What has not ended after `graceMs` is given up; each store has
   * a default of its own.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>
}

/** See {@link DeliveryStore.useKeys}. */
export interface UseKeysRequest {
  /** Those that are in use together; each tells nothing of its secret. */
  readonly ids: readonly string[]
  /** Whether they are taken whatever the store knows and holds. */
  readonly adopt: boolean
  /** As in {@link AddRequest}. */
  readonly transaction?: unknown
}

/** See {@link DeliveryStore.useKeys}. */
export interface UseKeysResult {
  /** Whether they may be used. */
  readonly known: boolean
  /** Where the store knows no ids: the last content with something sealed, for whoever asks to prove that he can open it. */
  readonly sealed?: Uint8Array | undefined
}

/** See {@link DeliveryStore.add}. */
export interface AddRequest {
  readonly rows: readonly NewDelivery[]
  readonly now: number
  /**
   * Holds them: they are not due before this time, unless `makeDue` or a repeat of their key that is not held makes them
   * due. A repeat of a held one holds it as well.
   */
  readonly heldUntil?: number | undefined
  /** Throws `NotInTransactionError` where the store has no such connection, or no transaction is open on it. */
  readonly transaction?: unknown
}

/** Either what was added, in the order of the rows, or the row whose idempotency key stands for other bytes. */
export type AddResult =
  | { readonly added: readonly AddedDelivery[] }
  | { readonly conflict: { readonly index: number; readonly id: string } }

/** `repeated` where its id was known, or its idempotency key: `id` is then the first delivery's. */
export interface AddedDelivery {
  readonly id: string
  readonly repeated: boolean
  /** It was held by another request, and this one made it due. */
  readonly released?: true
}

/** See {@link DeliveryStore.makeDue}; one without `dueAt` is due at once. */
export interface MakeDueRequest {
  readonly deliveries: readonly { readonly id: string; readonly dueAt: number | undefined }[]
  readonly now: number
}

/** A delivery found by its idempotency key. */
export interface KeyedDelivery {
  readonly id: string
  readonly digest: string
  /** Whether it is held, and so may be taken back. */
  readonly held: boolean
}

/** See {@link DeliveryStore.claim}. */
export interface ClaimRequest {
  readonly now: number
  /** At most so many rows. */
  readonly limit: number
  /** How many of these may go to new and silent origins. */
  readonly lanes: LaneLimits
  /** No further row is taken once their contents have so many bytes together. */
  readonly limitBytes: number
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

/** See {@link DeliveryStore.endAttempts}. */
export interface EndAttemptsRequest {
  readonly attempts: readonly AttemptResult[]
  readonly now: number
}

/** See {@link DeliveryStore.endAttempts}; `opened` and `closed` where the destination's breaker changed so. */
export interface EndAttemptResult {
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

/** A response whose `onResponse` has still to run. */
export interface DeliveredResponse {
  readonly delivery: StoredDelivery
  readonly response: AttemptResponse
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

/** See {@link DeliveryStore.replay}. */
export interface ReplayRequest {
  readonly id: string
  readonly newId?: string | undefined
  readonly now: number
}

/** See {@link DeliveryStore.startReplay}. */
export interface StartReplayRequest {
  readonly id: string
  readonly filter: StoreFilter
  /** Whether each is sent as a message of its own. */
  readonly newId: boolean
  readonly now: number
}

/** See {@link DeliveryStore.continueReplays}. */
export interface ContinueReplaysRequest {
  readonly now: number
  /** Ids for messages of their own: no more deliveries than there are ids are sent again in one piece. */
  readonly newIds: readonly string[]
}

/** How a replay stands; times are epoch milliseconds. */
export interface StoredReplay {
  readonly id: string
  readonly startedAt: number
  /** Undefined while it goes on. */
  readonly finishedAt: number | undefined
  /** How many deliveries were sent again. */
  readonly replayed: number
  /** How many matched and had no bytes left. */
  readonly withoutBytes: number
}

/** See {@link DeliveryStore.rotateSecret}. */
export interface RotateSecretRequest {
  readonly recipient: string
  readonly overlapMs: number
  readonly now: number
}

/** So many secrets of one recipient sign at the same time: a receiver takes no signatures without end. */
export const mostSecretVersions = 3

/** Why a delivery was not replayed, or that it was. */
export type ReplayResult = 'replayed' | 'missing' | 'not-settled' | 'bytes-purged'

/** See {@link DeliveryStore.purge}; ages count from the time of settling. */
export interface PurgeRequest extends Retention {
  readonly now: number
}
