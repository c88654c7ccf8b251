import type { DestinationsChange } from '../../../delivery/isolation/stored-destination.ts'
import type { Connection } from '../connection.ts'
import { isAsMade, type Places } from '../place.ts'

/** Pauses and resumes destinations, and sets their rates. */
export function createChangeDestinations(database: Connection, places: Places) {
  const matching = createMatching(database)
  const make = createChange(database)
  const forget = createForget(database)
  return (request: DestinationsChange): number => {
    const { change, now } = request
    const isKept = change.kind === 'pause' || (change.kind === 'rate' && change.ratePerSecond !== undefined)
    if (isKept && !request.isBeginning) places.make({ ...request, destination: request.url })
    const { origin, destinations } = matching(request)
    if (origin === undefined) return 0
    make(change, { origin, destinations: JSON.stringify(destinations) }, now)
    places.refreshDestinations(destinations, now)
    places.refreshOrigins([origin], now)
    if (!isKept) forget(origin, destinations)
    return destinations.length
  }
}

/** The number of an origin and those of its destinations that are to be changed. */
function createMatching(database: Connection) {
  const originOf = database.prepare('select number from ringback_origin where name = ?')
  const exact = database.prepare(
    'select number from ringback_destination where origin = ? and url = ? and (?3 is null or recipient = ?3)',
  )
  const beginning = database.prepare(
    `select number from ringback_destination
     where origin = ? and substr(url, 1, length(?2)) = ?2 and (?3 is null or recipient = ?3)`,
  )
  return ({ origin: name, url, isBeginning, recipient }: DestinationsChange) => {
    const number = originOf.get(name)?.number
    if (number === undefined) return { origin: undefined, destinations: [] }
    const rows = (isBeginning ? beginning : exact).all(number, url, recipient ?? null)
    return { origin: Number(number), destinations: rows.map(row => Number(row.number)) }
  }
}

function createChange(database: Connection) {
  const isMeant = 'where number in (select value from json_each(?))'
  const hold = database.prepare(`update ringback_destination set held_at = ?, held_reason = ?, held_by = ? ${isMeant}`)
  const setRate = database.prepare(`update ringback_destination set rate = ? ${isMeant}`)
  // A probe that is being sent stays the only attempt until it ends
  const closed =
    "state = 'closed', failures = 0, failing_since = 0, pause_ms = 0, paused_until = iif(probe is null, 0, paused_until)"
  const closeDestinations = database.prepare(`update ringback_destination set ${closed} ${isMeant}`)
  const closeOrigin = database.prepare(`update ringback_origin set ${closed} where number = ?`)
  return (
    change: DestinationsChange['change'],
    { origin, destinations }: { readonly origin: number; readonly destinations: string },
    now: number,
  ) => {
    if (change.kind === 'pause') hold.run(now, change.reason, change.by, destinations)
    else if (change.kind === 'rate') setRate.run(change.ratePerSecond ?? null, destinations)
    else {
      hold.run(null, null, null, destinations)
      closeDestinations.run(destinations)
      closeOrigin.run(origin)
    }
  }
}

/** Removes destinations that existed only for a pause or a rate. */
function createForget(database: Connection) {
  const remove = database.prepare(
    `delete from ringback_destination as d
     where number in (select value from json_each(?)) and deliveries = 0 and ${isAsMade}`,
  )
  const removeOrigin = database.prepare(
    `delete from ringback_origin
     where number = ?1 and not exists (select 1 from ringback_destination where origin = ?1)`,
  )
  return (origin: number, destinations: readonly number[]) => {
    remove.run(JSON.stringify(destinations))
    removeOrigin.run(origin)
  }
}
