import type { Clock } from '../clock.ts'
import type { AttemptOutcome, DeliveryState, SettledReason } from './delivery-state.ts'
import type { DeliveryStore } from './delivery-store.ts'
import { type SendingControl, sendingControl } from './isolation/sending-control.ts'
import { openResponse } from './keys/kept-response.ts'
import { openBody, openHeaders } from './keys/open-message.ts'
import { deliveryId, webhookId } from './keys/webhook-id.ts'
import { type DeliveryFilter, storeFilter } from './manage/delivery-filter.ts'
import { type DeliveryStats, deliveryStats } from './manage/delivery-stats.ts'
import { type EraseOptions, eraseDeliveries } from './manage/erase-deliveries.ts'
import { listDeliveries } from './manage/list-deliveries.ts'
import { beginReplay, type ReplayProgress, type ReplayRun } from './manage/replays.ts'
import { maskShownHeaders, maskUrl } from './mask.ts'
import { readMessage } from './message.ts'
import { ReplayError } from './replay-error.ts'
import type { SharedParts } from './shared-parts.ts'
import type { StoredAttempt, StoredDelivery, StoredDeliveryWithAttempts } from './stored-delivery.ts'

/** See {@link Deliveries.list}. */
export interface ListDeliveriesOptions extends DeliveryFilter {
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined
  /** Default 50, at most 500. */
  readonly limit?: number
}

/** A delivery as lists show it. Times are epoch milliseconds; the query of `url` is masked. */
export interface Delivery {
  readonly id: string
  readonly state: DeliveryState
  readonly operation: string
  readonly callback: string
  readonly method: string
  readonly url: string
  /** The tenant that the message is for; undefined if none was named. */
  readonly recipient: string | undefined
  readonly attemptCount: number
  /** Whether the response was as declared; undefined while there is none. */
  readonly responseValid: boolean | undefined
  readonly createdAt: number
  readonly nextAttemptAt: number | undefined
  readonly settledAt: number | undefined
  /** Why it settled; undefined if its attempts show that, and until it settles. */
  readonly reason: SettledReason | undefined
  /** Of a webhook, whose event `callback` names: the ids of its endpoint and its message, and whose the endpoint is. */
  readonly endpoint?: string
  readonly message?: string
  readonly owner?: string
}

/** One attempt to deliver. */
export interface Attempt {
  /** Counted from 1. */
  readonly number: number
  readonly startedAt: number
  readonly finishedAt: number | undefined
  /** Undefined while the attempt is running. */
  readonly outcome: AttemptOutcome | undefined
  readonly status: number | undefined
  /** Names are in lower case; values of credential headers and queries of URLs are masked. */
  readonly responseHeaders: Readonly<Record<string, string>>
  /**
   * At most 64 KiB of a response that delivered, and 2 KiB of the last one that did not; empty for earlier ones.
   * Undefined if there was no response.
   */
  readonly responseBody: Uint8Array | undefined
  readonly responseTruncated: boolean
  /** The IP address that was connected to. */
  readonly address: string | undefined
  /** One sentence that says why there is no response. */
  readonly error: string | undefined
  /** Of a webhook: the URL that was called, with its query masked. */
  readonly url?: string
}

/** A delivery with what was sent and how each attempt went. */
export interface DeliveryDetails extends Delivery {
  /** The value of the `webhook-id` header: its `id`, and a suffix for the receiver it was made for. */
  readonly webhookId: string
  /** The headers that the request had in addition to the engine's own; values of credential headers are masked. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined if there is no body, or if it is past its retention. */
  readonly body: Uint8Array | undefined
  readonly attempts: readonly Attempt[]
}

/**
 * The deliveries in the store: what was sent, what is still to be sent, and what can be done about it. Wherever an id
 * is asked for, the `webhook-id` that a receiver got works too.
 */
export interface Deliveries extends SendingControl {
  /**
   * A page of deliveries, the newest first. A page may be short, or even empty, although there is a `nextCursor`,
   * because at most 200,000 deliveries are looked at for one page.
   */
  list(options?: ListDeliveriesOptions): Promise<{ readonly items: readonly Delivery[]; readonly nextCursor?: string }>
  get(id: string): Promise<DeliveryDetails | undefined>
  /**
   * Sends a settled delivery again: the same bytes under the same id, so that a receiver that had it can tell; or, with
   * `newId`, as a new message. Throws `ReplayError`.
   */
  replay(id: string, options?: { readonly newId?: boolean }): Promise<{ readonly id: string }>
  /**
   * Begins to replay every settled delivery that matches, the oldest first. Without a filter these are the failed ones.
   * With `newId` each is sent as a new message. The replay goes on in the background, piece by piece, even after a
   * restart, in any worker that uses the store. `finished` waits for it, and tells how many were sent again and how
   * many had no bytes left.
   */
  replayAll(filter?: DeliveryFilter, options?: { readonly newId?: boolean }): Promise<ReplayRun>
  readonly replays: {
    /** The progress of a replay; undefined if there is none, or if it finished longer ago than rows are kept. */
    get(id: string): Promise<ReplayProgress | undefined>
  }
  /** Makes a scheduled delivery due at once; false if none is scheduled, or if a request still holds it. */
  sendNow(id: string): Promise<boolean>
  /**
   * Cancels a delivery that is not settled; false if there is none. A request that is already being sent is not
   * stopped.
   */
  cancel(id: string): Promise<boolean>
  /**
   * Removes deliveries and their attempts for good, whatever their state. Nothing of their bodies and responses can be
   * read in the store's files any more. Resolves to how many were removed. Throws `ErasePendingError` if somebody reads
   * the store for longer than `waitMs`.
   */
  erase(filter: DeliveryFilter, options?: EraseOptions): Promise<number>
  /** How many deliveries are in each state. */
  counts(): Promise<Record<DeliveryState, number>>
  /**
   * How deliveries are doing: how many wait and for how long, what was settled in each hour, how attempts ended and how
   * long they took. All of it is counted as it happens, so asking costs the store less than a millisecond.
   */
  stats(): Promise<DeliveryStats>
}

const pageSize = { usual: 50, most: 500 }

export function createDeliveries(
  context: Pick<SharedParts, 'store' | 'clock' | 'makeId' | 'masterSecrets' | 'wake'>,
): Deliveries {
  const { store, clock, makeId, wake } = context
  return {
    async list({ limit = pageSize.usual, ...query } = {}) {
      const { cursor, ...filter } = query
      const most = Math.min(Math.max(Math.trunc(limit), 1), pageSize.most)
      const page = await listDeliveries(store, { ...storeFilter(filter), cursor, limit: most })
      const items = page.items.map(deliveryOf)
      return page.nextCursor === undefined ? { items } : { items, nextCursor: page.nextCursor }
    },
    async get(told) {
      const stored = await byEitherId(told, id => store.get(id))
      return stored && detailsOf(stored, context.masterSecrets)
    },
    async replay(told, options) {
      const newId = options?.newId ? makeId() : undefined
      const replay = async (id: string) => {
        const result = await store.replay({ id, newId, now: clock.now() })
        return result === 'missing' ? undefined : { id, result }
      }
      const { id, result } = (await byEitherId(told, replay)) ?? { id: told, result: 'missing' }
      if (result !== 'replayed') throw new ReplayError(id, result)
      wake()
      return { id: newId ?? id }
    },
    replayAll: async (filter, options) =>
      beginReplay(context, storeFilter({ state: 'failed', ...filter }), options?.newId ?? false),
    replays: { get: id => store.getReplay(id) },
    async sendNow(told) {
      const sent = await isDone(told, id => store.sendNow({ id, now: clock.now() }))
      if (sent) wake()
      return sent
    },
    cancel: told => isDone(told, id => store.cancel({ id, now: clock.now() })),
    erase: async (filter, options) => eraseDeliveries(context, storeFilter(filter), options),
    counts: () => store.counts(),
    ...sendingControl(context),
    stats: () => deliveryStats(context),
  }
}

/**
 * Asks for what was told as it is, which is the whole `webhook-id` for a delivery to an endpoint, and then for the id that
 * the `webhook-id` of a callback begins with.
 */
async function byEitherId<T>(told: string, ask: (id: string) => Promise<T | undefined>): Promise<T | undefined> {
  const found = await ask(told)
  const id = deliveryId(told)
  return found === undefined && id !== told ? ask(id) : found
}

async function isDone(told: string, work: (id: string) => Promise<boolean>): Promise<boolean> {
  return (await byEitherId(told, async id => (await work(id)) || undefined)) ?? false
}

/** A stored delivery as lists show it. */
export function deliveryOf(stored: StoredDelivery): Delivery {
  const { id, state, operation, callback, method, attemptCount, responseValid, createdAt } = stored
  const { recipient, nextAttemptAt, settledAt, reason } = stored
  const head = { id, state, operation, callback, method, url: maskUrl(stored.url), recipient }
  const { endpoint, message, owner } = stored
  const webhook = endpoint !== undefined && { endpoint, owner: owner ?? '', ...(message !== undefined && { message }) }
  return { ...head, attemptCount, responseValid, createdAt, nextAttemptAt, settledAt, reason, ...webhook }
}

function detailsOf(stored: StoredDeliveryWithAttempts, masterSecrets: readonly string[]): DeliveryDetails {
  const message = stored.content && readMessage(stored.content)
  return {
    ...deliveryOf(stored),
    webhookId: webhookId(stored),
    headers: message === undefined ? {} : maskShownHeaders(openHeaders(message, masterSecrets)),
    body: message && openBody(message, masterSecrets),
    attempts: stored.attempts.map(attempt => attemptOf(attempt, masterSecrets)),
  }
}

function attemptOf(attempt: StoredAttempt, masterSecrets: readonly string[]): Attempt {
  const { number, startedAt, finishedAt, outcome, error } = attempt
  const response = attempt.response && openResponse(attempt.response, masterSecrets)
  return {
    number,
    startedAt,
    finishedAt,
    outcome,
    status: response?.status,
    responseHeaders: response === undefined ? {} : maskShownHeaders(JSON.parse(response.headers)),
    responseBody: response?.body,
    responseTruncated: response?.bodyTruncated ?? false,
    address: response?.address,
    error,
    ...(attempt.url !== undefined && { url: maskUrl(attempt.url) }),
  }
}
