import { type HealthChange, type HealthSignal, healthAfter } from '../../../delivery/endpoints/endpoint-health.ts'
import type { StoredEndpoint } from '../../../delivery/endpoints/endpoint-store.ts'
import { storedEndpoint } from '../../endpoints/endpoint-rows.ts'
import { type Row, text } from '../../rows/row.ts'
import type { EndedAttempt } from '../attempts/add-attempts.ts'
import type { Transaction } from '../connection/transaction.ts'
import { cancelWaiting } from './endpoint-places.ts'
import { endRecoveries } from './recoveries.ts'

/** What an attempt at a URL showed about the endpoint of a destination. */
interface ToldSignal {
  readonly destination: string
  readonly url: string
  readonly signal: HealthSignal
}

/**
 * Tells endpoints how attempts at their present URLs ended. One may be disabled by it, and what happened to it is noted, in
 * the same commit. The destinations of those that did not deliver are locked.
 */
export async function tellEndpoints(transaction: Transaction, ended: readonly EndedAttempt[], now: number) {
  const told = ended.flatMap(({ attempt: { endpointSignal: signal, url }, leased: { destination } }) =>
    signal === undefined || url === undefined ? [] : [{ destination, url, signal }],
  )
  if (told.length === 0) return
  await noteDelivered(transaction, told, now)
  const changing = await changingAmong(transaction, told)
  if (changing.length === 0) return
  const rows = await transaction.query(lock, [[...new Set(changing.map(({ destination }) => destination))]])
  const healths = rows.map(row => healthOf(row, changing, now)).filter(({ changes }) => changes.length > 0)
  await save(transaction, healths)
  await addNotices(transaction, healths, now)
  await disable(transaction, healths, now)
}

/** Notes 2xx, each to within a second; where somebody else is at work on one, he sees the next. */
async function noteDelivered({ query }: Transaction, told: readonly ToldSignal[], now: number): Promise<void> {
  const delivered = told.filter(({ signal }) => signal.kind === 'delivered')
  if (delivered.length === 0) return
  await query(note, [delivered.map(({ destination }) => destination), delivered.map(({ url }) => url), now])
}

const note = `update ringback.endpoint set last_delivered_at = $3::bigint where number in (
    select number from ringback.endpoint e
    where (e.destination, e.url) in (select * from unnest($1::bigint[], $2::text[])) and e.deleted_at is null
      and (last_delivered_at is null or last_delivered_at <= $3::bigint - 1000)
    for update skip locked)`

/** What may change a health: most signals say that an endpoint is as well as it was. */
async function changingAmong({ query }: Transaction, told: readonly ToldSignal[]): Promise<readonly ToldSignal[]> {
  const failing = new Set(
    (await query(ill, [told.map(({ destination }) => destination)])).map(({ destination }) => destination),
  )
  for (const { destination, signal } of told) if (signal.kind !== 'delivered') failing.add(destination)
  return told.filter(({ destination }) => failing.has(destination))
}

const ill = `select destination from ringback.endpoint
  where destination = any($1::bigint[]) and (failed_attempts > 0 or is_told = 1)`

const lock = `select * from ringback.endpoint where destination = any($1::bigint[]) and deleted_at is null
  order by number for update`

/** The health of an endpoint after attempts, one after the other, and what they led to. */
interface ToldHealth {
  readonly row: Row
  readonly after: StoredEndpoint
  readonly changes: readonly (HealthChange & { readonly failedAttempts: number })[]
}

function healthOf(row: Row, told: readonly ToldSignal[], now: number): ToldHealth {
  let after = storedEndpoint(row)
  const changes: (HealthChange & { readonly failedAttempts: number })[] = []
  for (const { destination, url, signal } of told) {
    if (destination !== row.destination || url !== after.url) continue
    if (signal.kind === 'delivered' && after.failedAttempts === 0) continue
    const change = healthAfter(after, signal, now)
    const isTold = after.disabledReason === undefined || change.tells === 'recovered'
    const failedAttempts = Math.max(change.health.failedAttempts, after.failedAttempts)
    changes.push({ health: change.health, failedAttempts, ...(isTold && change) })
    after = { ...after, ...change.health, ...(isTold && change.disables && { disabledReason: change.disables }) }
  }
  return { row, after, changes }
}

async function save({ query }: Transaction, healths: readonly ToldHealth[]): Promise<void> {
  if (healths.length === 0) return
  await query(write, [
    healths.map(({ row }) => row.number),
    ...columns.map(([, value]) => healths.map(({ after }) => value(after) ?? null)),
  ])
}

const columns: readonly (readonly [column: string, value: (endpoint: StoredEndpoint) => unknown])[] = [
  ['failing_since bigint', ({ failingSince }) => failingSince],
  ['failed_attempts int', ({ failedAttempts }) => failedAttempts],
  ['failing_days int', ({ failingDays }) => failingDays],
  ['failing_day int', ({ failingDay }) => failingDay],
  ['is_told int', ({ isTold }) => Number(isTold)],
  ['last_outcome text', ({ lastOutcome }) => lastOutcome],
  ['last_status int', ({ lastStatus }) => lastStatus],
]

const names = columns.map(([column]) => column.split(' ')[0])

const write = `update ringback.endpoint e set ${names.map(name => `${name} = j.${name}`).join(', ')}
  from unnest($1::bigint[], ${columns.map(([column], index) => `$${index + 2}::${column.split(' ')[1]}[]`).join(', ')})
    as j(number, ${names.join(', ')}) where e.number = j.number`

async function addNotices({ query }: Transaction, healths: readonly ToldHealth[], now: number): Promise<void> {
  const notices = healths.flatMap(({ row, changes }) =>
    changes.flatMap(change => (change.tells === undefined ? [] : [{ ...change, endpoint: row.number }])),
  )
  if (notices.length === 0) return
  await query(add, [
    notices.map(({ endpoint }) => endpoint),
    notices.map(({ tells }) => tells),
    notices.map(({ failedAttempts }) => failedAttempts),
    notices.map(({ health }) => health.lastOutcome ?? 'abandoned'),
    notices.map(({ health }) => health.lastStatus ?? null),
    now,
  ])
}

const add = `insert into ringback.notice (endpoint, kind, failed_attempts, last_outcome, last_status, due_at)
  select endpoint, kind, failed_attempts, last_outcome, last_status, $6::bigint
  from unnest($1::bigint[], $2::text[], $3::int[], $4::text[], $5::int[])
    as j(endpoint, kind, failed_attempts, last_outcome, last_status)`

async function disable(transaction: Transaction, healths: readonly ToldHealth[], now: number): Promise<void> {
  const disabled = healths.flatMap(({ row, changes }) => {
    const reason = changes.find(({ disables }) => disables !== undefined)?.disables
    return reason === undefined ? [] : [{ row, reason }]
  })
  if (disabled.length === 0) return
  const numbers = disabled.map(({ row }) => row.number)
  await transaction.query(setReason, [numbers, disabled.map(({ reason }) => reason), now])
  await endRecoveries(transaction, numbers, { state: 'cancelled', now })
  await cancelWaiting(
    transaction,
    disabled.map(({ row }) => text(row.destination)),
    now,
  )
}

const setReason = `update ringback.endpoint e set disabled_reason = j.reason, disabled_at = $3::bigint, updated_at = $3::bigint,
    revision = revision + 1
  from unnest($1::bigint[], $2::text[]) as j(number, reason) where e.number = j.number`
