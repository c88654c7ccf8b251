import type { Breaker } from '../../delivery/isolation/breaker.ts'
import { originGroup } from '../../delivery/isolation/origin-group.ts'
import { fewNewOrigins, type OriginLane } from '../../delivery/isolation/origin-lane.ts'
import type { NewDelivery } from '../../delivery/stored-delivery.ts'
import { breakerOf, laneOf } from '../rows/place-row.ts'
import type { Row } from '../rows/row.ts'
import type { Connection } from './connection.ts'

/** An origin or a destination: where something may be due, and whether it may be sent there. */
export interface Place {
  readonly number: number
  readonly readyAt: number | undefined
  readonly breaker: Breaker
}

/** An origin and its lane. */
export interface OriginPlace extends Place {
  readonly lane: OriginLane
}

/** A destination in its origin. */
export interface DestinationPlace extends Place {
  readonly origin: number
}

/** The number of a place, the delivery that probes it, and until when. */
export type Probe = readonly [number: number, delivery: string, leaseUntil: number]

/** The number of a destination, and when the next attempt may start there. */
export type StartDelay = readonly [number: number, nextStartAt: number]

type Address = Pick<NewDelivery, 'origin' | 'destination' | 'recipient'>

/** What other operations do with the tables of origins and destinations. */
export interface Places {
  /** Counts one more delivery for its destination, which is made if it is new. Returns the destination's number. */
  enter(address: Address): number
  /** The number of an origin, which is made if it is new. */
  makeOrigin(address: Address): number
  /** Makes a destination without a delivery, if it does not exist. */
  make(address: Address): void
  /**
   * Counts one more, or one less, delivery for a destination. Without deliveries the destination is removed, and
   * without destinations its origin.
   */
  countUp(destination: number): void
  countDown(destination: number): void
  destination(number: number): DestinationPlace
  origin(number: number): OriginPlace
  saveDestination(number: number, breaker: Breaker, now: number): void
  saveOrigin(number: number, { breaker, lane }: Pick<OriginPlace, 'breaker' | 'lane'>, now: number): void
  /** Something may be claimed at `dueAt`, or already earlier. */
  bringForward(destination: number, dueAt: number, now: number): void
  /**
   * Computes again when something may be claimed, never earlier than `now`. Refresh origins after their destinations.
   */
  refreshDestinations(numbers: readonly number[], now: number): void
  refreshOrigins(numbers: readonly number[], now: number): void
  /** Lets no attempt start at these destinations before the given times. */
  delayStarts(delays: readonly StartDelay[]): void
  /** Makes an attempt the probe of each place: nothing else is claimed there until the attempt or its lease ends. */
  probeDestinations(probes: readonly Probe[], now: number): void
  probeOrigins(probes: readonly Probe[], now: number): void
}

const breakerColumns = 'state, failures, failing_since, pause_ms, paused_until, probe'
/** If the pause changes, it was set now, which is ?7. */
const setBreaker = `set state = ?1, failures = ?2, failing_since = ?3, pause_ms = ?4, paused_until = ?5, probe = ?6,
  paused_at = iif(paused_until = ?5, paused_at, ?7)`

export function createPlaces(database: Connection): Places {
  const statements = prepareStatements(database)
  const makeOrigin = (address: Address): number => {
    const { origin } = address
    return Number(
      (statements.originByName.get(origin) ?? statements.addOrigin.get(origin, originGroup(address)))?.number,
    )
  }
  const makeDestination = (address: Address): number => {
    const { destination, recipient = '' } = address
    return Number(statements.addDestination.get(makeOrigin(address), destination, recipient)?.number)
  }
  return {
    enter(address) {
      const known = statements.enter.get(address.origin, address.destination, address.recipient ?? '')
      return known === undefined ? makeDestination(address) : Number(known.number)
    },
    makeOrigin,
    make(address) {
      statements.countDown.get(this.enter(address))
    },
    countUp(destination) {
      statements.countUp.run(destination)
    },
    countDown(destination) {
      const left = statements.countDown.get(destination)
      if (left === undefined || Number(left.deliveries) > 0) return
      statements.removeDestination.run(destination)
      statements.removeOrigin.run(Number(left.origin))
    },
    destination(number) {
      const row = statements.destination.get(number) ?? {}
      return { ...placeOf(row), origin: Number(row.origin) }
    },
    origin(number) {
      const row = statements.origin.get(number) ?? {}
      return { ...placeOf(row), lane: laneOf(row) }
    },
    saveDestination(number, breaker, now) {
      statements.saveDestination.run(...breakerValues(breaker), now, number)
    },
    saveOrigin(number, { breaker, lane }, now) {
      statements.saveOrigin.run(...breakerValues(breaker), now, lane, number)
    },
    bringForward(destination, dueAt, now) {
      const at = statements.bringDestination.get(dueAt, now, destination)
      if (at !== undefined) statements.bringOrigin.run(Number(at.ready_at), Number(at.origin))
    },
    refreshDestinations(numbers, now) {
      statements.refreshDestinations.run(now, JSON.stringify(numbers))
    },
    refreshOrigins(numbers, now) {
      statements.refreshOrigins.run(now, JSON.stringify(numbers))
    },
    delayStarts(delays) {
      if (delays.length > 0) statements.delayStarts.run(JSON.stringify(delays))
    },
    probeDestinations(probes, now) {
      if (probes.length > 0) statements.probeDestinations.run(JSON.stringify(probes), now)
    },
    probeOrigins(probes, now) {
      if (probes.length > 0) statements.probeOrigins.run(JSON.stringify(probes), now)
    },
  }
}

const ofAll = (column: string) =>
  `select p.${column} from ringback_destination p where p.origin = d.origin and p.url = d.url and p.recipient = ''
   and p.number <> d.number`

/** Whether a destination "d" has the pause and rate that a new one would get. Then it may be removed. */
export const isAsMade = `d.held_at is (${ofAll('held_at')}) and d.rate is (${ofAll('rate')})`

/**
 * When a destination "t" is ready, not earlier than ?1. `max` of null is null, so it is never ready if nothing waits.
 */
export const readyAt = `iif(t.held_at is null and t.cancelling = 0, max(?1, t.paused_until, t.next_start_at, (
  select min(due_at) from ringback_queue where destination = t.number and leased_at is null and behind = 0)), null)`

/** `max` of null is null: a place where nothing waits is never ready. */
function prepareStatements(database: Connection) {
  return {
    enter: database.prepare(
      `update ringback_destination set deliveries = deliveries + 1
       where origin = (select number from ringback_origin where name = ?) and url = ? and recipient = ?
       returning number`,
    ),
    countUp: database.prepare('update ringback_destination set deliveries = deliveries + 1 where number = ?'),
    countDown: database.prepare(
      'update ringback_destination set deliveries = deliveries - 1 where number = ? returning deliveries, origin',
    ),
    removeDestination: database.prepare(`delete from ringback_destination as d where number = ? and ${isAsMade}`),
    removeOrigin: database.prepare(
      `delete from ringback_origin
       where number = ?1 and not exists (select 1 from ringback_destination where origin = ?1)`,
    ),
    originByName: database.prepare('select number from ringback_origin where name = ?'),
    addOrigin: database.prepare(
      `insert into ringback_origin (name, lane, group_name, of_few) values (?1, 'new', ?2,
         not exists (select 1 from ringback_origin where group_name = ?2 and lane = 'new' limit 1 offset ${fewNewOrigins - 1}))
       returning number`,
    ),
    addDestination: database.prepare(
      // A new destination takes over what applies to its whole URL
      `insert into ringback_destination (origin, url, recipient, deliveries, held_at, held_reason, held_by, rate)
       select ?1, ?2, ?3, 1, p.held_at, p.held_reason, p.held_by, p.rate
       from (select 1) left join ringback_destination p on p.origin = ?1 and p.url = ?2 and p.recipient = ''
       returning number`,
    ),
    destination: database.prepare(
      `select number, origin, ready_at, ${breakerColumns} from ringback_destination where number = ?`,
    ),
    origin: database.prepare(`select number, ready_at, lane, ${breakerColumns} from ringback_origin where number = ?`),
    saveDestination: database.prepare(`update ringback_destination ${setBreaker} where number = ?8`),
    saveOrigin: database.prepare(
      `update ringback_origin ${setBreaker}, lane = ?8, turn = iif(?8 = 'new', turn, null) where number = ?9`,
    ),
    bringDestination: database.prepare(
      `update ringback_destination set ready_at = max(?1, ?2, paused_until, next_start_at)
       where number = ?3 and held_at is null and cancelling = 0
         and (ready_at is null or ready_at > max(?1, ?2, paused_until, next_start_at)) returning ready_at, origin`,
    ),
    bringOrigin: database.prepare(
      `update ringback_origin set ready_at = max(?1, paused_until)
       where number = ?2 and (ready_at is null or ready_at > max(?1, paused_until))`,
    ),
    delayStarts: database.prepare(
      `update ringback_destination as t set next_start_at = c.value ->> 1
       from json_each(?) c where t.number = c.value ->> 0`,
    ),
    probeDestinations: database.prepare(probe('ringback_destination')),
    probeOrigins: database.prepare(probe('ringback_origin')),
    refreshDestinations: database.prepare(
      `update ringback_destination as t set ready_at = ${readyAt} where number in (select value from json_each(?2))`,
    ),
    refreshOrigins: database.prepare(
      `update ringback_origin as o set ready_at = r.at, turn = iif(r.at <= ?1, o.turn, null)
       from (select p.number, max(?1, p.paused_until, (
         select min(ready_at) from ringback_destination where origin = p.number and ready_at is not null
       )) as at from json_each(?2) j cross join ringback_origin p on p.number = j.value) as r where o.number = r.number`,
    ),
  }
}

function probe(table: string): string {
  return `update ${table} as t set probe = c.value ->> 1, paused_until = c.value ->> 2, paused_at = ?2
    from json_each(?1) c where t.number = c.value ->> 0`
}

function placeOf(row: Row): Place {
  return {
    number: Number(row.number),
    readyAt: row.ready_at === null ? undefined : Number(row.ready_at),
    breaker: breakerOf(row),
  }
}

function breakerValues(breaker: Breaker): (string | number | null)[] {
  const { state, failures, failingSince, pauseMs, pausedUntil, probe } = breaker
  return [state, failures, failingSince, pauseMs, pausedUntil, probe ?? null]
}
