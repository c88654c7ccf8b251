import type { DeliveryState } from './delivery-state.ts'
import type {
  ClaimHandlersRequest,
  ClaimOutagesRequest,
  EndHandlersRequest,
  EndOutagesRequest,
  UnhandledDelivery,
  UnhandledOutage,
} from './handlers/handler-requests.ts'
import type { LaneLimits } from './isolation/origin-lane.ts'
import type { DestinationsChange, DestinationsPage, DestinationsQuery, Pause } from './isolation/stored-destination.ts'
import type { StoredStats } from './manage/store-stats.ts'
import type {
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
 * A clock may be ahead and be put right. A store knows by a `now` that is more than 10 s before an earlier one, also before
 * a restart. Leases and pauses that were set after it are over then; a delivery is due no later than its wait from `now`, or
 * at the time that its sender asked for; what settled after it has settled now.
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
   * Leases due rows to a worker, begins their attempts, takes back the rows whose lease has passed, and fails those that
   * have expired, whatever they wait for. First chooses
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
  /**
   * Leases settled deliveries whose handler has still to run: `onResponse` of delivered ones, `onFailed` of failed and
   * blocked ones. Their worker died before it ran, or it is to run again. A delivery that settled as failed in a claim waits
   * for its handler from then on.
   */
  claimHandlers(request: ClaimHandlersRequest): Promise<readonly UnhandledDelivery[]>
  /**
   * Notes how handlers ended: they need not run any more, or are to run again. One whose token is no longer that of a settled
   * delivery changes nothing.
   */
  endHandlers(request: EndHandlersRequest): Promise<void>
  /**
   * Leases outages of destinations whose `onOutage` has still to run: that one began, and after that is told that it ended.
   * One begins with a destination for which something waits, and whose attempts have failed for `afterMs` without a 2xx and
   * without a time in which nothing waited. A 2xx ends it.
   */
  claimOutages(request: ClaimOutagesRequest): Promise<readonly UnhandledOutage[]>
  /** Notes how `onOutage` ended. What is no longer as it was claimed stays. */
  endOutages(request: EndOutagesRequest): Promise<void>
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
   * A page of the destinations that have deliveries, are paused or have a rate of their own, the newest first. It may be
   * shorter than its limit although more follow: a page costs the same whatever it looks for.
   */
  destinations(query: DestinationsQuery): Promise<DestinationsPage>
  /**
   * Pauses destinations, resumes them (which closes their breakers and those of their origins) or changes their rate, and
   * gives how many. Nothing is claimed for one that is paused; what is leased ends. A pause and a rate are made for a
   * destination without deliveries too, and stay without them.
   */
  changeDestinations(change: DestinationsChange): Promise<number>
  /** Pauses all claims, or resumes them. What is leased ends, and what expires fails. */
  pauseSending(request: PauseSendingRequest): Promise<void>
  /** Why and by whom all claims are paused; undefined where they are not. */
  sendingPause(): Promise<Pause | undefined>
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

/** See {@link DeliveryStore.makeDue}. */
export interface MakeDueRequest {
  readonly deliveries: readonly DueDelivery[]
  readonly now: number
}

/** When a held delivery is due, as in {@link NewDelivery}; with neither of the two at once. */
export interface DueDelivery {
  readonly id: string
  readonly dueAt: number | undefined
  readonly delayMs: number | undefined
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
  /** At most so many attempts start in a second at a destination that has no rate of its own; undefined: any number. */
  readonly ratePerSecond?: number | undefined
  /** Leases of attempts that go on, after the clock was put right: they last from `now`. */
  readonly alive?: readonly Lease[] | undefined
}

/** See {@link DeliveryStore.claim}. */
export interface ClaimResult {
  readonly claimed: readonly ClaimedDelivery[]
  /** The milliseconds until there may be something to claim again; undefined where nothing waits. */
  readonly nextDueInMs: number | undefined
  /** Deliveries that failed without the end of an attempt; their `reason` says why. */
  readonly failed: readonly StoredDelivery[]
}

/** See {@link DeliveryStore.pauseSending}. */
export interface PauseSendingRequest {
  /** Undefined resumes. */
  readonly pause: Pick<Pause, 'reason' | 'by'> | undefined
  readonly now: number
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
