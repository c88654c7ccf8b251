import { afterAttempt, type BreakerSignal, breakerChange, withoutProbe } from '../../delivery/isolation/breaker.ts'
import { laneAfter } from '../../delivery/isolation/lane-after.ts'
import type { AttemptResult, Lease } from '../../delivery/stored-delivery.ts'
import type { Trouble } from './handlers/trouble.ts'
import type { Place, Places } from './place.ts'

/** Tells a destination and its origin how an attempt went; for a lease that is given back, only that it ended. */
export function createTellPlaces(places: Places, trouble: Trouble) {
  const tell = (place: Place, signal: BreakerSignal | undefined, id: string, now: number) =>
    signal === undefined ? withoutProbe(place.breaker, id, now) : afterAttempt(place.breaker, signal, id, now)
  return (number: number, ended: Lease | AttemptResult, now: number) => {
    const settlement = 'outcome' in ended ? ended : undefined
    const destination = places.destination(number)
    const origin = places.origin(destination.origin)
    const destinationBreaker = tell(destination, settlement?.destinationSignal, ended.id, now)
    const originBreaker = tell(origin, settlement?.originSignal, ended.id, now)
    const lane = settlement === undefined ? origin.lane : laneAfter(origin.lane, settlement)
    if (destinationBreaker !== destination.breaker) places.saveDestination(number, destinationBreaker, now)
    if (originBreaker !== origin.breaker || lane !== origin.lane)
      places.saveOrigin(destination.origin, { breaker: originBreaker, lane }, now)
    const kind = settlement?.destinationSignal?.kind
    if (kind === 'success') trouble.end(number, now)
    else if (kind !== undefined) trouble.note(number, now)
    const freed =
      destinationBreaker.pausedUntil !== destination.breaker.pausedUntil ||
      originBreaker.pausedUntil !== origin.breaker.pausedUntil
    if (freed) {
      places.refreshDestinations([number], now)
      places.refreshOrigins([destination.origin], now)
    }
    return { freed, change: breakerChange(destination.breaker.state, destinationBreaker.state) }
  }
}
