import type { Clock } from '../clock.ts'
import { quoted } from '../definition/quoted.ts'
import { canonicalUrl } from '../url/canonical-url.ts'
import type { DeliveryStore } from './delivery-store.ts'
import { checkPause } from './isolation/check-pause.ts'
import { isRatePerSecond, rateText } from './isolation/start-rate.ts'
import type { DestinationState, DestinationsChange, StoredDestination } from './isolation/stored-destination.ts'
import { maskUrl } from './mask.ts'
import type { SharedParts } from './shared-parts.ts'

/** A destination as lists show it. Times are epoch milliseconds; the query of `url` is masked. */
export interface Destination {
  /** The base URL that the receiver gave. */
  readonly url: string
  /** The tenant whose messages go there; undefined if none was named. */
  readonly recipient: string | undefined
  readonly state: DestinationState
  /** Why it is not healthy: the reason that was given when it was paused, or how its attempts went. */
  readonly reason: string | undefined
  /** The number of failed attempts in a row. */
  readonly failures: number
  /** Nothing is sent before this time, because the destination is slowed or its circuit breaker is open. */
  readonly pausedUntil: number | undefined
  /** Since when it is paused, and by whom. */
  readonly pausedAt: number | undefined
  readonly pausedBy: string | undefined
  /** How many deliveries wait for it, counted up to 1,000. */
  readonly waiting: number
  /** When the oldest of those was created. */
  readonly oldestWaitingAt: number | undefined
  /** When the last 2xx came, accurate to a second. */
  readonly lastSuccessAt: number | undefined
  /** How many attempts may start there per second; undefined means any number. */
  readonly ratePerSecond: number | undefined
}

/** See {@link Destinations.list}; all given conditions must match. */
export interface ListDestinationsOptions {
  readonly state?: DestinationState
  /** Part of the URL, or of the recipient. */
  readonly text?: string
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined
  /** Default 50, at most 100. */
  readonly limit?: number
}

/** The recipient whose destination is meant. Without it, all destinations at the URL are meant. */
export interface DestinationRecipient {
  readonly recipient?: string | undefined
}

/**
 * Where deliveries go, and what can be done about it. Changes are kept in the store, so that they hold for every worker
 * and after every restart. Where a URL is asked for, the masked one of `list` works too for a destination that exists.
 * Without a `recipient`, all destinations at the URL are meant, including those of recipients that come later. Each
 * method that changes something resolves to how many destinations it changed, and throws a `RangeError` for an invalid
 * URL and for values that cannot be stored.
 */
export interface Destinations {
  /**
   * A page of destinations, the newest first. A page may be shorter than its limit although more follow: go on while
   * there is a `nextCursor`.
   */
  list(
    options?: ListDestinationsOptions,
  ): Promise<{ readonly items: readonly Destination[]; readonly nextCursor?: string }>
  /**
   * Begins no more attempts there until `resume`. Running attempts end, deliveries still expire, and `call` still
   * sends.
   */
  pause(url: string, pause: { readonly reason: string; readonly by: string } & DestinationRecipient): Promise<number>
  /** Sends there again at once. Also closes its circuit breaker and that of its origin. */
  resume(url: string, of?: DestinationRecipient): Promise<number>
  /**
   * Limits how many attempts may start there per second, from 0.001 to 10,000; undefined restores `ratePerSecond` of
   * the options. Each recipient's destination has a rate of its own.
   */
  update(url: string, options: { readonly ratePerSecond: number | undefined } & DestinationRecipient): Promise<number>
}

const pageSize = { usual: 50, most: 100 }

/** `usualRate` is that of destinations that have none of their own. */
export function createDestinations(
  { store, clock, wake }: Pick<SharedParts, 'store' | 'clock' | 'wake'>,
  usualRate: number | undefined,
): Destinations {
  const change = async (url: string, { recipient }: DestinationRecipient, made: DestinationsChange['change']) => {
    const changed = await store.changeDestinations({ ...placeOf(url, recipient), change: made, now: clock.now() })
    if (made.kind !== 'pause') wake()
    return changed
  }
  return {
    async list({ limit = pageSize.usual, ...query } = {}) {
      const size = Math.min(Math.max(Math.trunc(limit), 1), pageSize.most)
      const page = await store.destinations({ ...query, limit: size, now: clock.now() })
      const items = page.items.map(stored => destinationOf(stored, usualRate))
      return page.nextCursor === undefined ? { items } : { items, nextCursor: page.nextCursor }
    },
    pause: async (url, given) => change(url, given, { kind: 'pause', ...checkPause(given) }),
    resume: async (url, of = {}) => change(url, of, { kind: 'resume' }),
    async update(url, given) {
      const { ratePerSecond } = given
      if (ratePerSecond !== undefined && !isRatePerSecond(ratePerSecond))
        throw new RangeError(`"ratePerSecond" is ${quoted(ratePerSecond)}; ${rateText}, or undefined`)
      return change(url, given, { kind: 'rate', ratePerSecond })
    },
  }
}

/** The end of a masked query. */
const mask = '***'

function placeOf(url: string, recipient: string | undefined) {
  if (recipient === '') throw new RangeError('"recipient" is empty: name the tenant, or leave it out to mean all')
  const parsed = typeof url === 'string' && /^https?:/i.test(url) ? URL.parse(url) : null
  if (parsed === null) throw new RangeError(`The URL is ${quoted(url)}; give an absolute one of http or https`)
  const isBeginning = url.endsWith(`?${mask}`)
  const canonical = canonicalUrl(isBeginning ? url.slice(0, -mask.length) : url)
  return {
    origin: URL.parse(canonical)?.origin ?? parsed.origin,
    url: canonical,
    isBeginning,
    recipient: recipient && canonicalUrl(recipient),
  }
}

function destinationOf(stored: StoredDestination, usualRate: number | undefined): Destination {
  const { url, recipient, state, failures, pausedUntil, pause, waiting, oldestWaitingAt, lastSuccessAt } = stored
  return {
    ...{ url: maskUrl(url), recipient, state, reason: pause?.reason ?? reasonOf(stored), failures, pausedUntil },
    ...{ pausedAt: pause?.at, pausedBy: pause?.by, waiting, oldestWaitingAt, lastSuccessAt },
    ratePerSecond: stored.ratePerSecond ?? usualRate,
  }
}

function reasonOf({ state, failures, originFailures }: StoredDestination): string | undefined {
  if (state === 'healthy') return undefined
  return failures > 0 ? `${inARow(failures)} not accepted` : `${inARow(originFailures)} not able to reach its host`
}

const inARow = (attempts: number) => (attempts === 1 ? 'The last attempt was' : `The last ${attempts} attempts were`)
