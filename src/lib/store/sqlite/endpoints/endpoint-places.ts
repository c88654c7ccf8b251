import { restMs } from '../../../delivery/isolation/start-rate.ts'
import type { Connection } from '../connection.ts'
import type { Places } from '../place.ts'

/** An endpoint as its destination knows it. */
interface Addressed {
  readonly id: string
  readonly url: string
  readonly origin: string
  readonly ratePerSecond: number | undefined
}

/**
 * The destination that each endpoint has for itself. It has the endpoint's id as its recipient, so two endpoints with the
 * same URL share nothing, and it moves to another origin with the URL.
 */
export interface EndpointPlaces {
  /** Makes it, and counts the endpoint as one of its deliveries. */
  make(endpoint: Addressed): number
  /** The endpoint is deleted: the destination goes with its last delivery. */
  leave(destination: number): void
  /** The endpoint has another URL, about which nothing is known yet. */
  move(destination: number, endpoint: Addressed, now: number): void
  /** Forgets failures. */
  close(destination: number, now: number): void
  setRate(destination: number, ratePerSecond: number | undefined, now: number): void
  /** What waits now is cancelled, and nothing is claimed until all of it is settled. */
  cancelWaiting(destination: number, now: number): void
}

const closed = `state = 'closed', failures = 0, failing_since = 0, pause_ms = 0,
  paused_until = iif(probe is null, 0, paused_until), trouble_since = null`

export function createEndpointPlaces(database: Connection, places: Places): EndpointPlaces {
  const setRate = database.prepare('update ringback_destination set rate = ? where number = ?')
  const startBy = database.prepare(
    'update ringback_destination set next_start_at = min(next_start_at, ?) where number = ?',
  )
  const leave = database.prepare(
    'update ringback_destination set rate = null, held_at = null, held_reason = null, held_by = null where number = ?',
  )
  const close = database.prepare(`update ringback_destination set ${closed} where number = ?`)
  const originOf = database.prepare('select origin from ringback_destination where number = ?')
  const move = database.prepare(
    `update ringback_destination set origin = ?2, url = ?3, ${closed}, paused_until = 0, probe = null, last_success_at = null
     where number = ?1`,
  )
  const removeOrigin = database.prepare(
    `delete from ringback_origin
     where number = ?1 and not exists (select 1 from ringback_destination where origin = ?1)`,
  )
  const cancelWaiting = database.prepare(
    'update ringback_destination set epoch = epoch + 1, cancelling = 1 where number = ?',
  )
  const refresh = (destination: number, origins: readonly number[], now: number) => {
    places.refreshDestinations([destination], now)
    places.refreshOrigins(origins, now)
  }
  const originNumber = (destination: number) => Number(originOf.get(destination)?.origin)
  return {
    make({ id, url, origin, ratePerSecond }) {
      const destination = places.enter({ origin, destination: url, recipient: id })
      if (ratePerSecond !== undefined) setRate.run(ratePerSecond, destination)
      return destination
    },
    leave(destination) {
      leave.run(destination)
      places.countDown(destination)
    },
    move(destination, { url, origin }, now) {
      const from = originNumber(destination)
      const to = places.makeOrigin({ origin, destination: url, recipient: undefined })
      move.run(destination, to, url)
      refresh(destination, [from, to], now)
      removeOrigin.run(from)
    },
    close(destination, now) {
      close.run(destination)
      refresh(destination, [originNumber(destination)], now)
    },
    setRate(destination, ratePerSecond, now) {
      setRate.run(ratePerSecond ?? null, destination)
      // What a slower rate has put off may start as soon as the new one allows
      startBy.run(now + (ratePerSecond === undefined ? 0 : restMs(ratePerSecond, 1)), destination)
      refresh(destination, [originNumber(destination)], now)
    },
    cancelWaiting(destination, now) {
      cancelWaiting.run(destination)
      refresh(destination, [originNumber(destination)], now)
    },
  }
}
