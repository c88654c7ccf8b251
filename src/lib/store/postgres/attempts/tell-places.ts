import {
  afterAttempt,
  type Breaker,
  type BreakerSignal,
  breakerChange,
  withoutProbe,
} from '../../../delivery/isolation/breaker.ts'
import { laneAfter } from '../../../delivery/isolation/lane-after.ts'
import type { OriginLane } from '../../../delivery/isolation/origin-lane.ts'
import type { AttemptResult, Lease } from '../../../delivery/stored-delivery.ts'
import { breakerOf } from '../../rows/place-row.ts'
import { type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { endTrouble, noteTrouble } from '../handlers/trouble.ts'
import { refreshPlaces } from '../places/refresh-places.ts'
import { saveDestinations, saveOrigins } from '../places/save-places.ts'
import type { LeasedDelivery } from './leased.ts'

/** What a lease was for, and how it ended; a lease that is given back says only that. */
export interface ToldLease {
  readonly leased: LeasedDelivery
  readonly ended: Lease | AttemptResult
}

/** What that meant for others. */
export interface Told {
  readonly freed: boolean
  readonly change: 'opened' | 'closed' | undefined
}

interface KnownPlace {
  readonly before: Breaker
  breaker: Breaker
  lane: OriginLane
  laneBefore: OriginLane
}

/** Tells destinations and their origins, which are locked, how attempts went, one after the other. */
export async function tellPlaces(transaction: Transaction, told: readonly ToldLease[], now: number): Promise<Told[]> {
  if (told.length === 0) return []
  const [destinations, origins] = [new Map<string, KnownPlace>(), new Map<string, KnownPlace>()]
  const freed = new Set<string>()
  const results = told.map(each => {
    const destination = placeOf(destinations, each.leased.places, 'p')
    const origin = placeOf(origins, each.leased.places, 'o')
    const result = tellBoth(destination, origin, each.ended, now)
    if (result.freed) freed.add(each.leased.destination)
    return result
  })
  saveDestinations(transaction, changed(destinations), now)
  saveOrigins(transaction, changed(origins), now)
  tellTrouble(transaction, told, now)
  await refreshPlaces(transaction, [...freed], now)
  return results
}

function placeOf(known: Map<string, KnownPlace>, places: Row, alias: 'p' | 'o'): KnownPlace {
  const number = text(places[`${alias}_number`])
  const before = known.get(number)
  if (before !== undefined) return before
  const columns = ['state', 'failures', 'failing_since', 'pause_ms', 'paused_until', 'probe']
  const breaker = breakerOf(Object.fromEntries(columns.map(name => [name, places[`${alias}_${name}`] ?? null])))
  const lane = text(places['o_lane']) as OriginLane
  const place = { before: breaker, breaker, lane, laneBefore: lane }
  known.set(number, place)
  return place
}

function tellBoth(destination: KnownPlace, origin: KnownPlace, ended: Lease | AttemptResult, now: number): Told {
  const attempt = 'outcome' in ended ? ended : undefined
  const [atDestination, atOrigin] = [destination.breaker, origin.breaker]
  destination.breaker = tell(atDestination, attempt?.destinationSignal, ended.id, now)
  origin.breaker = tell(atOrigin, attempt?.originSignal, ended.id, now)
  if (attempt !== undefined) origin.lane = laneAfter(origin.lane, attempt)
  return {
    freed:
      destination.breaker.pausedUntil !== atDestination.pausedUntil ||
      origin.breaker.pausedUntil !== atOrigin.pausedUntil,
    change: breakerChange(atDestination.state, destination.breaker.state),
  }
}

function tell(breaker: Breaker, signal: BreakerSignal | undefined, id: string, now: number): Breaker {
  return signal === undefined ? withoutProbe(breaker, id, now) : afterAttempt(breaker, signal, id, now)
}

function changed(places: ReadonlyMap<string, KnownPlace>) {
  return [...places]
    .filter(([, place]) => place.breaker !== place.before || place.lane !== place.laneBefore)
    .map(([number, { breaker, lane }]) => ({ number, breaker, lane }))
}

/** A trouble that ended and began again among them began again. */
function tellTrouble(transaction: Transaction, told: readonly ToldLease[], now: number): void {
  const ended = new Set<string>()
  const noted = new Set<string>()
  for (const { leased, ended: end } of told) {
    const kind = 'outcome' in end ? end.destinationSignal?.kind : undefined
    if (kind === undefined) continue
    if (kind === 'success') ended.add(leased.destination)
    if (kind === 'success') noted.delete(leased.destination)
    else noted.add(leased.destination)
  }
  endTrouble(transaction, [...ended], now)
  noteTrouble(transaction, [...noted], now)
}
