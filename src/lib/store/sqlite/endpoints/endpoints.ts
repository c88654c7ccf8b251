import type {
  AddEndpointRequest,
  AddEndpointResult,
  ChangeEndpointRequest,
  EndpointQuery,
  OfOwnerRequest,
  StoredEndpoint,
  StoredEndpointPage,
} from '../../../delivery/endpoints/endpoint-store.ts'
import { endpointColumns } from '../../endpoints/endpoint-columns.ts'
import { storedEndpoint } from '../../endpoints/endpoint-rows.ts'
import type { Row } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'
import type { EndpointPlaces } from './endpoint-places.ts'
import type { Recoveries } from './recoveries.ts'

/** Adds, finds and changes endpoints. */
export function createEndpoints(database: Connection, places: EndpointPlaces, recoveries: Recoveries) {
  const one = database.prepare(
    "select * from ringback_endpoint where id = ?1 and deleted_at is null and (?2 = '' or owner = ?2)",
  )
  const change = createChange(database, places, recoveries)
  return {
    addEndpoint: createAdd(database, places),
    findEndpoint({ id, owner }: OfOwnerRequest): StoredEndpoint | undefined {
      const row = one.get(id, owner)
      return row && storedEndpoint(row)
    },
    listEndpoints: createList(database),
    changeEndpoint(request: ChangeEndpointRequest): StoredEndpoint | 'changed-meanwhile' | 'missing' {
      const row = one.get(request.id, '')
      if (row === undefined) return 'missing'
      if (Number(row.revision) !== request.revision) return 'changed-meanwhile'
      return change(row, request)
    },
  }
}

function createAdd(database: Connection, places: EndpointPlaces) {
  const byId = database.prepare('select * from ringback_endpoint where id = ?')
  const byKey = database.prepare('select * from ringback_endpoint where owner = ? and create_key = ?')
  const count = database.prepare(
    'select count(*) as endpoints from (select 1 from ringback_endpoint where owner = ? and deleted_at is null limit ?)',
  )
  const add = database.prepare(
    `insert into ringback_endpoint (id, tag, owner, destination, url, origin, events, channels, details, sealed, rate,
       disabled_reason, disabled_at, create_key, create_digest, created_at, updated_at)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, iif(?12 is null, null, ?16), ?13, ?14, ?15, ?16)
     returning *`,
  )
  return ({ endpoint, limit, now }: AddEndpointRequest): AddEndpointResult => {
    const { id, tag, owner, createdAt, createKey, createDigest = null } = endpoint
    const known = byId.get(id) ?? (createKey === undefined ? undefined : byKey.get(owner, createKey))
    if (known !== undefined) return { known: storedEndpoint(known), isDeleted: known.deleted_at !== null }
    if (limit !== undefined && Number(count.get(owner, limit)?.endpoints) >= limit) return { limit: true }
    const destination = places.make(endpoint)
    const { url, origin, ...others } = endpointColumns(endpoint)
    const { events, channels, details, sealed, rate, disabled_reason } = others
    const values = [url, origin, events, channels, details, sealed, rate, disabled_reason] as const
    const row = add.get(id, tag, owner, destination, ...values, createKey ?? null, createDigest, createdAt, now)
    return { added: storedEndpoint(row ?? {}) }
  }
}

/** Writes what is different, and what follows from it for its destination. */
function createChange(database: Connection, places: EndpointPlaces, recoveries: Recoveries) {
  const write = database.prepare(
    `update ringback_endpoint set url = ?2, origin = ?3, events = ?4, channels = ?5, details = ?6, sealed = ?7, rate = ?8,
       disabled_reason = ?9, disabled_at = iif(?9 is null, null, coalesce(disabled_at, ?10)), updated_at = ?10,
       revision = revision + 1
     where number = ?1 returning *`,
  )
  const clear = database.prepare(
    `update ringback_endpoint set failing_since = null, failed_attempts = 0, failing_days = 0, failing_day = 0, is_told = 0
     where number = ? returning *`,
  )
  const bury = database.prepare(
    `update ringback_endpoint set deleted_at = ?2, sealed = x'', details = '{}', create_key = null, create_digest = null
     where number = ?1 returning *`,
  )
  const again = database.prepare('select * from ringback_endpoint where number = ?')
  return (before: Row, { values, deleted = false, recovery, now }: ChangeEndpointRequest): StoredEndpoint => {
    const number = Number(before.number)
    const was = storedEndpoint(before)
    const is = { ...was, ...values }
    const columns = endpointColumns(is)
    const { url, origin, events, channels, details, sealed, rate, disabled_reason } = columns
    write.get(number, url, origin, events, channels, details, sealed, rate, disabled_reason, now)
    const isMoved = is.url !== was.url
    const isEnabled = was.disabledReason !== undefined && is.disabledReason === undefined
    if (isMoved || isEnabled) clear.get(number)
    if (isMoved) places.move(Number(before.destination), is, now)
    else if (isEnabled) places.close(Number(before.destination), now)
    if (is.ratePerSecond !== was.ratePerSecond) places.setRate(Number(before.destination), is.ratePerSecond, now)
    if (deleted || (is.disabledReason !== undefined && was.disabledReason === undefined)) {
      recoveries.end(number, 'cancelled', now)
      places.cancelWaiting(Number(before.destination), now)
    }
    if (deleted) {
      bury.get(number, now)
      places.leave(Number(before.destination))
    }
    if (recovery !== undefined) recoveries.begin(number, recovery, now)
    return storedEndpoint(again.get(number) ?? {})
  }
}

/** How many endpoints are looked at for a page. */
const lookedAt = 5_000

function createList(database: Connection) {
  const page = (owner: string) =>
    database.prepare(
      `select * from (select * from ringback_endpoint where ${owner}deleted_at is null and number < ?2
         order by number desc limit ${lookedAt})
       where (?3 is null or (disabled_reason is not null) = ?3)
         and (?4 is null or instr(events, ?4) > 0 or instr(events, ' * ') > 0)
         and (?5 is null or (failing_since is not null) = ?5)
         and ?1 = ?1
       order by number desc limit ?6`,
    )
  const last = (owner: string) =>
    database.prepare(
      `select min(number) as number, count(*) as rows from (select number from ringback_endpoint
         where ${owner}deleted_at is null and number < ?2 and ?1 = ?1 order by number desc limit ${lookedAt})`,
    )
  const [ofAll, ofOwner] = ['', 'owner = ?1 and '].map(owner => ({ page: page(owner), last: last(owner) }))
  return ({ owner, status, event, failing, cursor, limit }: EndpointQuery): StoredEndpointPage => {
    const { page, last } = owner === '' ? ofAll! : ofOwner!
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor) || 0
    const isDisabled = status === undefined ? null : Number(status === 'disabled')
    const isFailing = failing === undefined ? null : Number(failing)
    const rows = page.all(owner, before, isDisabled, event === undefined ? null : ` ${event} `, isFailing, limit + 1)
    const items = rows.slice(0, limit)
    const end = last.get(owner, before)
    const next = rows.length > limit ? items.at(-1)?.number : end?.rows === lookedAt ? end.number : undefined
    return { items: items.map(storedEndpoint), nextCursor: next == null ? undefined : String(next) }
  }
}
