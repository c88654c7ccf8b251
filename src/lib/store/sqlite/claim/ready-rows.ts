import type { ClaimRequest } from '../../../delivery/delivery-store.ts'
import { startsAtOnce } from '../../../delivery/isolation/start-rate.ts'
import {
  type ChosenRows,
  chooseRows,
  type DueRow,
  type ReadyDestination,
  type ReadyOrigin,
} from '../../claim/choose-rows.ts'
import { firstShare } from '../../claim/first-share.ts'
import { optionalNumber, optionalText, text } from '../../rows/row.ts'
import { type Connection, prepareValues } from '../connection.ts'

/** A destination as a claim sees it. */
export interface DestinationRow extends Omit<ReadyDestination, 'rows' | 'hasMore'> {
  readonly origin: number
  readonly url: string
  readonly recipient: string | undefined
  /** The recipient, or else the URL, whose secret signs. */
  readonly signer: string
  /** Undefined if any number may start. */
  readonly ratePerSecond: number | undefined
}

/** What a claim found and chose. */
export interface FoundRows {
  readonly chosen: ChosenRows
  readonly destinations: ReadonlyMap<number, DestinationRow>
}

type RoomyOrigin = Omit<ReadyOrigin, 'destinations'>
type FoundRow = Pick<ReadyDestination, 'rows' | 'hasMore'>

/**
 * How often more rows are read if some places leave slots to others. After that, what is left waits for the next claim.
 */
const readsMore = 3

/** Reads destinations and their rows, only about as many as needed, and chooses among them. */
export function createReadyRows(database: Connection) {
  const readDestinations = createReadDestinations(database)
  const readRows = createReadRows(database)
  return (origins: readonly RoomyOrigin[], request: ClaimRequest): FoundRows => {
    const { now, limit, limitBytes } = request
    const most = Math.max(...origins.map(({ room }) => room))
    const destinations = readDestinations(origins, request, Math.min(most, limit))
    const numbers = [...destinations.keys()]
    const found = readRows(numbers, now, firstShare(origins.length, numbers.length, { most, limit }))
    const choose = () => chooseRows(withRows(origins, destinations, found), { slots: limit, bytes: limitBytes, now })
    let chosen = choose()
    for (let reads = 1; reads <= readsMore && chosen.wanted.size > 0; reads++) {
      const wanted = reads === readsMore ? Math.min(most, limit) : Math.max(...chosen.wanted.values())
      for (const [number, more] of readRows([...chosen.wanted.keys()], now, wanted)) found.set(number, more)
      chosen = choose()
    }
    return { chosen, destinations }
  }
}

function withRows(
  origins: readonly RoomyOrigin[],
  destinations: ReadonlyMap<number, DestinationRow>,
  found: ReadonlyMap<number, FoundRow>,
): ReadyOrigin[] {
  const byOrigin = Map.groupBy(destinations.values(), ({ origin }) => origin)
  return origins.map(origin => ({
    ...origin,
    destinations: (byOrigin.get(origin.number) ?? []).map(destination => ({
      ...destination,
      ...(found.get(destination.number) ?? { rows: [], hasMore: false }),
    })),
  }))
}

function createReadDestinations(database: Connection) {
  const ready = prepareValues(
    database,
    `select d.number, d.origin, d.url, d.recipient, d.ready_at, d.state, d.rate from json_each(?2) j
     cross join ringback_destination d on d.number in (
       select number from ringback_destination where origin = j.value and ready_at <= ?1
       order by ready_at, number limit ?3)`,
  )
  return (origins: readonly RoomyOrigin[], { now, ratePerSecond: usual }: ClaimRequest, limit: number) => {
    const numbers = JSON.stringify(origins.map(({ number }) => number))
    return new Map(
      ready.all(now, numbers, limit).map(values => {
        const [number, origin, url, recipient, readyAt, state, rate] = values
        const name = optionalText(recipient) || undefined
        const place = { number: Number(number), origin: Number(origin), readyAt: Number(readyAt) }
        const ratePerSecond = optionalNumber(rate) ?? usual
        const most = ratePerSecond === undefined ? Number.POSITIVE_INFINITY : startsAtOnce(ratePerSecond)
        const limits = { takesOne: state !== 'closed', most, ratePerSecond }
        return [place.number, { ...place, ...limits, url: text(url), recipient: name, signer: name ?? text(url) }]
      }),
    )
  }
}

function createReadRows(database: Connection) {
  const due = prepareValues(
    database,
    `select j.value, q.number, q.bytes from json_each(?2) j
     cross join ringback_queue q on q.number in (
       select number from ringback_queue
       where destination = j.value and leased_at is null and behind = 0 and due_at <= ?1
         and (expires_at is null or expires_at > ?1)
       order by due_at, number limit ?3)
     order by j.key, q.due_at, q.number`,
  )
  return (destinations: readonly number[], now: number, limit: number): Map<number, FoundRow> => {
    const rows = new Map(destinations.map(number => [number, [] as DueRow[]]))
    for (const [destination, number, bytes] of due.all(now, JSON.stringify(destinations), limit))
      rows.get(Number(destination))?.push({ number: Number(number), bytes: Number(bytes) })
    return new Map([...rows].map(([number, list]) => [number, { rows: list, hasMore: list.length === limit }]))
  }
}
