import type { ListDeliveriesOptions } from '../../delivery/deliveries.ts'
import { type DeliveryState, deliveryStates } from '../../delivery/delivery-state.ts'
import type { DeliveryFilter } from '../../delivery/manage/delivery-filter.ts'
import { HttpError } from '../../http/http-error.ts'

const PERIODS_MS: Readonly<Record<string, number>> = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 }

/** What the page has in its address: every filter by its name. */
export type QueryTexts = (name: string) => string | undefined

export function textsOf(query: string): QueryTexts {
  const values = new URLSearchParams(query)
  return name => values.get(name) ?? undefined
}

/** The filter that the page's address says. Throws an `HttpError` 400 for what cannot be one. */
export function filterOf(text: QueryTexts, now: number): DeliveryFilter {
  const filter: Record<string, unknown> = {
    ...stateOf(text('state')),
    ...textFilter(text('text')),
    ...timeOf(text, now),
  }
  for (const name of ['operation', 'callback', 'recipient']) if (text(name)) filter[name] = text(name)
  // The end of a masked URL says nothing, so that its beginning has to do.
  const destination = text('destination')
  if (destination) filter['url'] = destination.replace(/\?\*\*\*$/, '')
  return filter
}

/** The same with the page that is asked for. */
export function listOptions(text: QueryTexts, now: number): ListDeliveriesOptions {
  const cursor = text('cursor')
  return { ...filterOf(text, now), ...(cursor && { cursor }) }
}

function stateOf(text: string | undefined): Pick<DeliveryFilter, 'state' | 'attempted'> {
  if (!text) return {}
  if (text === 'retrying') return { state: 'scheduled', attempted: true }
  if (text === 'waiting') return { state: ['scheduled', 'attempting'] }
  if ((deliveryStates as readonly string[]).includes(text)) return { state: text as DeliveryState }
  throw new HttpError(400, `There is no state "${text.slice(0, 40)}"`)
}

/** Whoever looks for something has the beginning of an id, of a URL or of an idempotency key. */
function textFilter(text: string | undefined): DeliveryFilter {
  if (!text) return {}
  if (/^msg_/.test(text)) return { id: text }
  return /^https?:/i.test(text) ? { url: text } : { idempotencyKey: text }
}

function timeOf(text: QueryTexts, now: number): Pick<DeliveryFilter, 'since' | 'until'> {
  const [since, until] = [text('since'), text('until')]
  return { ...(since && { since: timeIn(since, now) }), ...(until && { until: timeIn(until, now) }) }
}

function timeIn(text: string, now: number): number {
  const period = Object.hasOwn(PERIODS_MS, text) ? PERIODS_MS[text] : undefined
  if (period !== undefined) return now - period
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new HttpError(400, `"${text.slice(0, 40)}" is not a time: give 1h, 24h, 7d or epoch milliseconds`)
}
