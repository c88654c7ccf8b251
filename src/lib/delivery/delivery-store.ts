import type { DeliveryState } from './delivery-state.ts'
import type { EndpointStore } from './endpoints/endpoint-store.ts'
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
 * Each method is one commit, and resolves after it. `now` is the caller's time in milliseconds since the epoch; a store
 * with a clock of its own (a database server that several machines share) uses that instead. A method that cannot do
 * its work rejects with `StoreUnavailableError` and has changed nothing. One that does not know what it has changed
 * rejects with `StoreOutcomeUnknownError`; if that was a claim, the store gives the leased rows back as soon as it
 * finds out.
 *
 * A clock may run ahead and be corrected. A store notices this when `now` is more than 10 s earlier than a previous
 * one, even one before a restart. Then leases and pauses that were set after `now` are over. A delivery becomes due no
 * later than its wait from `now`, or at the time that its sender asked for. What settled after `now` counts as settled
 * now.
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
export interface DeliveryStore extends EndpointStore {
  /** Where the store is, for people to read: an absolute path, or a server's name without credentials. */
  readonly location: string
  /**
   * Asks whether these master secrets may be used with this store, before anything is stored or signed with them. If
   * the store knows one of their ids, or knows none at all and holds nothing sealed, it knows all of them from then on.
   */
  useKeys(request: UseKeysRequest): Promise<UseKeysResult>
  /**
   * Adds all of the rows or none; a delivery whose id exists already stays as it is. `transaction` is a connection of
   * the caller's own that is in a transaction.
   */
  add(request: AddRequest): Promise<AddResult>
  /**
   * Makes held deliveries due, unless an attempt was begun or the delivery has ended meanwhile, and returns their ids.
   * Nobody holds them any more.
   */
  makeDue(request: MakeDueRequest): Promise<readonly string[]>
  /**
   * Removes held deliveries with their idempotency keys, and returns the ids of those it removed. A delivery stays if
   * another request holds it too or has made it due, or if a worker has begun it after the time of holding.
   */
  takeBack(request: { readonly ids: readonly string[]; readonly now: number }): Promise<readonly string[]>
  /** The delivery with this idempotency key. */
  find(key: IdempotencyKey): Promise<KeyedDelivery | undefined>
  /**
   * Leases due rows to a worker and begins their attempts. Also takes back rows whose lease has passed, and fails rows
   * that have expired, whatever they wait for. It first chooses among origins, lane by lane, then among their
   * destinations, then their oldest rows, so that what waits for one destination costs the others nothing.
   *
   * Known and silent origins are served in the order in which they became ready. New ones take turns by group: an
   * origin that becomes ready gets a number one above the last waiting one of its group, or the lowest waiting number
   * if its group has none. The lowest number goes first; of equal ones, the one that came last. A new or silent origin
   * gets one attempt at a time.
   */
  claim(request: ClaimRequest): Promise<ClaimResult>
  /** Ends attempts. One whose token is no longer current changes nothing and is reported as stale. */
  endAttempts(request: EndAttemptsRequest): Promise<readonly EndAttemptResult[]>
  /** Gives leased rows back as if they had never been claimed. */
  release(request: ReleaseRequest): Promise<void>
  /**
   * Leases settled deliveries whose handler has still to run: `onResponse` for delivered ones, `onFailed` for failed
   * and blocked ones. Either the worker died before the handler ran, or the handler is to run again. A delivery that
   * failed in a claim waits for its handler from then on.
   */
  claimHandlers(request: ClaimHandlersRequest): Promise<readonly UnhandledDelivery[]>
  /**
   * Records how handlers ended: they need not run any more, or are to run again. A token that is no longer that of the
   * settled delivery changes nothing.
   */
  endHandlers(request: EndHandlersRequest): Promise<void>
  /**
   * Leases outages of destinations for which `onOutage` has still to run: first to tell that the outage began, later
   * that it ended. An outage begins when something waits for the destination and its attempts have failed for
   * `afterMs`, without a 2xx and without a moment at which nothing waited. A 2xx ends it.
   */
  claimOutages(request: ClaimOutagesRequest): Promise<readonly UnhandledOutage[]>
  /** Records how `onOutage` ended. An outage that has changed since it was claimed stays as it is. */
  endOutages(request: EndOutagesRequest): Promise<void>
  /**
   * A page of deliveries, the newest first. A page may be short, or empty, although there is a next one, because a
   * store looks at a bounded number of deliveries for each page.
   */
  list(query: ListQuery): Promise<StoredPage>
  get(id: string): Promise<StoredDeliveryWithAttempts | undefined>
  counts(): Promise<Record<DeliveryState, number>>
  /**
   * The store's own counts. They are kept up to date with each change, so asking costs at most a millisecond, however
   * much the store holds.
   */
  stats(request: { readonly now: number }): Promise<StoredStats>
  /** Makes a settled delivery due at once, under its own id or as a new one. */
  replay(request: ReplayRequest): Promise<ReplayResult>
  /** Begins a replay of the settled deliveries that match now. */
  startReplay(request: StartReplayRequest): Promise<void>
  /**
   * Does a piece of the oldest unfinished replay, the oldest deliveries first, and returns its progress; undefined if
   * there is none. The work and the progress are one commit, so any worker can go on.
   */
  continueReplays(request: ContinueReplaysRequest): Promise<StoredReplay | undefined>
  getReplay(id: string): Promise<StoredReplay | undefined>
  /** Makes a scheduled delivery that nobody holds due at once; false if there is none. */
  sendNow(request: { readonly id: string; readonly now: number }): Promise<boolean>
  /** Cancels a delivery that is not settled; false if there is none. */
  cancel(request: { readonly id: string; readonly now: number }): Promise<boolean>
  /**
   * Removes deliveries that match, with their attempts, and returns how many: at most `limit`, fewer if they are large,
   * and none only if none is left.
   */
  erase(request: EraseRequest): Promise<number>
  /**
   * A page of the destinations that have deliveries, are paused, or have a rate of their own, the newest first. A page
   * may be shorter than its limit although more follow, because every page costs the same, whatever it looks for.
   */
  destinations(query: DestinationsQuery): Promise<DestinationsPage>
  /**
   * Pauses destinations, resumes them (which closes their breakers and those of their origins) or changes their rate,
   * and returns how many. Nothing is claimed for a paused destination; leased attempts end. A pause or a rate can be
   * set for a destination without deliveries, and stays when there are none.
   */
  changeDestinations(change: DestinationsChange): Promise<number>
  /** Pauses all claims, or resumes them. Leased attempts end, and deliveries still expire. */
  pauseSending(request: PauseSendingRequest): Promise<void>
  /** Why and by whom all claims are paused; undefined if they are not. */
  sendingPause(): Promise<Pause | undefined>
  /**
   * The versions of a recipient's secret that sign at present, the newest first. There is at least one, because a
   * recipient that was never rotated has version 1, and there are at most `mostSecretVersions`.
   */
  secretVersions(request: { readonly recipient: string; readonly now: number }): Promise<readonly number[]>
  /**
   * Begins a new version of a recipient's secret and returns its number. Earlier versions sign for `overlapMs` from
   * `now`, or until they would have ended anyway. Beyond `mostSecretVersions` the oldest end at once.
   */
  rotateSecret(request: RotateSecretRequest): Promise<number>
  /** Removes a bounded part of what is past its retention; true while there may be more. */
  purge(request: PurgeRequest): Promise<boolean>
  /**
   * Makes sure that nothing of what was erased or purged can be read in the store's files any more; false if another
   * reader or writer prevents that at the moment. The store also tries again by itself.
   */
  wipe(): Promise<boolean>
  /**
   * Calls `wake` whenever another process may have made something due, until the function that it returns is called. A
   * store that cannot know leaves it out: workers look from time to time anyway.
   */
  watch?(wake: () => void): () => void
  /**
   * Finishes the work that was asked for and releases the database. What has not ended after `graceMs` is given up;
   * each store has its own default.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>
}

/** See {@link DeliveryStore.useKeys}. */
export interface UseKeysRequest {
  /** Ids of the secrets that are in use together. An id reveals nothing about its secret. */
  readonly ids: readonly string[]
  /** Whether to accept them, whatever the store knows and holds. */
  readonly adopt: boolean
  /** As in {@link AddRequest}. */
  readonly transaction?: unknown
}

/** See {@link DeliveryStore.useKeys}. */
export interface UseKeysResult {
  /** Whether they may be used. */
  readonly known: boolean
  /**
   * If the store knows no ids: the last content that has something sealed in it, so that the caller can prove that it
   * can open it.
   */
  readonly sealed?: Uint8Array | undefined
}

/** See {@link DeliveryStore.add}. */
export interface AddRequest {
  readonly rows: readonly NewDelivery[]
  readonly now: number
  /**
   * Holds the deliveries: they are not due before this time, unless `makeDue`, or a repeat of their key that is not
   * held, makes them due. A repeat of a held delivery that is held itself holds it too.
   */
  readonly heldUntil?: number | undefined
  /**
   * Throws `NotInTransactionError` if this is not a connection of the store's database, or if no transaction is open on
   * it.
   */
  readonly transaction?: unknown
}

/**
 * Either what was added, in the order of the rows, or the existing row whose idempotency key stands for other bytes.
 */
export type AddResult =
  | { readonly added: readonly AddedDelivery[] }
  | { readonly conflict: { readonly index: number; readonly id: string } }

/** `repeated` if its id or its idempotency key was known; `id` is then that of the first delivery. */
export interface AddedDelivery {
  readonly id: string
  readonly repeated: boolean
  /** Another request held it, and this one made it due. */
  readonly released?: true
  /** A webhook's message that was not stored, because its owner has no endpoint. */
  readonly skipped?: true
}

/** See {@link DeliveryStore.makeDue}. */
export interface MakeDueRequest {
  readonly deliveries: readonly DueDelivery[]
  readonly now: number
}

/** When a held delivery is due, as in {@link NewDelivery}; at once if neither is given. */
export interface DueDelivery {
  readonly id: string
  readonly dueAt: number | undefined
  readonly delayMs: number | undefined
}

/** A delivery that was found by its idempotency key. */
export interface KeyedDelivery {
  readonly id: string
  readonly digest: string
  /** Whether it is held, and so may be taken back. */
  readonly held: boolean
}

/** See {@link DeliveryStore.claim}. */
export interface ClaimRequest {
  readonly now: number
  /** The most rows to lease. */
  readonly limit: number
  /** How many of these may go to new and silent origins. */
  readonly lanes: LaneLimits
  /** No further row is leased once their contents have this many bytes together. */
  readonly limitBytes: number
  /** The most attempts to one origin, including those that `running` counts. */
  readonly perOrigin: number
  /** The running attempts of this worker, by origin. */
  readonly running: ReadonlyMap<string, number>
  /** A lease lasts for the row's time limit and this margin. */
  readonly leaseMarginMs: number
  /**
   * How many attempts may start per second at a destination that has no rate of its own; undefined means any number.
   */
  readonly ratePerSecond?: number | undefined
  /** Leases of running attempts after the clock was corrected: they last from `now`. */
  readonly alive?: readonly Lease[] | undefined
}

/** See {@link DeliveryStore.claim}. */
export interface ClaimResult {
  readonly claimed: readonly ClaimedDelivery[]
  /** The milliseconds until there may be something to claim again; undefined if nothing waits. */
  readonly nextDueInMs: number | undefined
  /** Deliveries that failed without the end of an attempt; `reason` says why. */
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

/** See {@link DeliveryStore.endAttempts}. `opened` or `closed` if the destination's breaker has changed. */
export interface EndAttemptResult {
  readonly stale: boolean
  /** Whether something else became due that had waited behind this delivery or for the destination. */
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
  /** The most to remove. */
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
  /** Whether each is sent as a new message. */
  readonly newId: boolean
  readonly now: number
}

/** See {@link DeliveryStore.continueReplays}. */
export interface ContinueReplaysRequest {
  readonly now: number
  /** Ids for new messages. One piece sends at most as many deliveries again as there are ids. */
  readonly newIds: readonly string[]
}

/** The progress of a replay; times are epoch milliseconds. */
export interface StoredReplay {
  readonly id: string
  readonly startedAt: number
  /** Undefined while it goes on. */
  readonly finishedAt: number | undefined
  /** How many deliveries were sent again. */
  readonly replayed: number
  /** How many matched but had no bytes left. */
  readonly withoutBytes: number
}

/** See {@link DeliveryStore.rotateSecret}. */
export interface RotateSecretRequest {
  readonly recipient: string
  readonly overlapMs: number
  readonly now: number
}

/**
 * The most secrets of one recipient that sign at the same time: a receiver does not accept any number of signatures.
 */
export const mostSecretVersions = 3

/** Whether a delivery was replayed or, if not, why. */
export type ReplayResult = 'replayed' | 'missing' | 'not-settled' | 'bytes-purged' | 'endpoint-disabled'

/** See {@link DeliveryStore.purge}; ages count from the time of settling. */
export interface PurgeRequest extends Retention {
  readonly now: number
}
