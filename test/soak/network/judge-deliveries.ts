import type { Attempt, DeliveryDetails } from 'ringback/delivery'
import { statusOf } from './fate.ts'
import { type SeenRequest, STRAY } from './faulty-receiver.ts'

/** A time in which a worker was stopped, and the moment after it in which it took up its work again. */
export interface Stop {
  readonly from: number
  readonly to: number
}

/** A delivery that was sent. */
export interface Sent {
  readonly id: string
  readonly at: number
  /** Its receiver takes everything. */
  readonly healthy: boolean
}

/** What came of one delivery: what was sent, what the receivers saw of it, what the store says. */
export interface Story {
  readonly sent: Sent
  readonly stored: DeliveryDetails | undefined
  /** The requests that a receiver read whole, in their order, each with its number. */
  readonly requests: readonly (SeenRequest & { readonly number: number })[]
}

/** How long before and after a request a stopped worker may be the reason for what became of it. */
const AROUND_MS = 3_000
const FINAL_STATUS = 410

/**
 * Whether an attempt took the stray response to an earlier request of its own destination: HTTP/1.1 has nothing to tell
 * it by. The receiver harms nobody but itself.
 */
export function tookOwnStray({ stored, requests }: Story, seen: readonly SeenRequest[]): boolean {
  const destination = (path = '') => path.split('/')[1]
  return (stored?.attempts ?? []).some(attempt => {
    const told = requestOf(attempt)
    if (!told?.startsWith(STRAY)) return false
    return destination(seen[Number(told.slice(STRAY.length))]?.path) === destination(requests[0]?.path)
  })
}

/** Everything that is wrong with a delivery, in words. */
export function violationsOf({ sent, stored, requests }: Story, stops: readonly Stop[]): string[] {
  if (stored === undefined) return [`${sent.id} is lost`]
  const disturbed = (at: number) => stops.some(({ from, to }) => at > from - AROUND_MS && at < to + AROUND_MS)
  const tried = stored.attempts.map(({ outcome, status, error }) => `${outcome} ${status ?? error}`).join(', ')
  return [
    ...wrongState(stored, requests),
    ...foreignResponses(stored, requests),
    ...requests.flatMap((request, index) => {
      if (disturbed(request.at)) return []
      const isLast = index === requests.length - 1
      return [...lostStatus(stored, request), ...(isLast ? [] : sentAgain(stored, request))]
    }),
  ].map(violation => `${violation}; its attempts: ${tried}`)
}

const asksToEnd = (status: number | undefined) =>
  status !== undefined && ((status >= 200 && status < 300) || status === FINAL_STATUS)

/** The last status that a receiver wrote whole decides. */
function wrongState(stored: DeliveryDetails, requests: Story['requests']): string[] {
  const last = requests.at(-1)
  const status = last && statusOf[last.fate]
  const wanted = asksToEnd(status) && status !== FINAL_STATUS ? 'delivered' : 'failed'
  if (stored.state === wanted && (wanted === 'delivered' || asksToEnd(status) || isUsedUp(stored))) return []
  return [`${stored.id} is ${stored.state}, and its last request was ${last?.fate ?? 'never seen'}`]
}

/** Whether the schedule of the soak has no wait left. */
function isUsedUp({ attempts }: DeliveryDetails): boolean {
  return attempts.filter(({ outcome }) => outcome !== 'abandoned').length >= retryDelaysSeconds.length
}

/** Quick at first, so that a delivery gets through some faults, and patient enough for those that come in a row. */
export const retryDelaysSeconds = [0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 5, 5, 5, 5, 5]

function foreignResponses(stored: DeliveryDetails, requests: Story['requests']): string[] {
  return stored.attempts.flatMap(attempt => {
    const told = requestOf(attempt)
    if (told === undefined) return []
    const own = requests.find(({ number }) => String(number) === told)
    if (own !== undefined && statusOf[own.fate] === attempt.status) return []
    return [`${stored.id} has the status ${attempt.status} of the request ${told}, which is not its own`]
  })
}

const requestOf = ({ responseHeaders }: Attempt): string | undefined => responseHeaders['x-request']

/** A 408 on a used connection is a broken connection to a sender, and no response. */
function lostStatus(stored: DeliveryDetails, { number, fate }: Story['requests'][number]): string[] {
  if (statusOf[fate] === undefined || fate === 'requestTimeout') return []
  if (stored.attempts.some(attempt => requestOf(attempt) === String(number))) return []
  return [`${stored.id} has no attempt with the status of its request ${number} (${fate})`]
}

function sentAgain(stored: DeliveryDetails, { number, fate }: Story['requests'][number]): string[] {
  return asksToEnd(statusOf[fate]) ? [`${stored.id} was sent again after its request ${number} (${fate})`] : []
}
