import { waitAfterDeathMs } from '../../../delivery/attempt/wait-after-death.ts'
import type { SettledReason } from '../../../delivery/delivery-state.ts'
import type { StoredDelivery } from '../../../delivery/stored-delivery.ts'
import { optionalNumber, optionalText, type Row, text } from '../../rows/row.ts'
import { storedDelivery } from '../../rows/stored-rows.ts'
import { abandon } from '../attempts/abandon.ts'
import type { Transaction } from '../connection/transaction.ts'
import { cancelReason, deliveryColumns, deliveryTables } from '../find/delivery-columns.ts'
import { lockFreePlaces } from '../places/lock-places.ts'
import { refreshPlaces } from '../places/refresh-places.ts'
import { schedule } from '../queue/schedule.ts'
import { settle } from '../queue/settle.ts'

/** Of each kind; the rest has its turn with the next claim. */
const passedAtOnce = 1_000

/**
 * Takes back what workers that died left behind, and fails what may not be sent any more: what expired, and that over which
 * too many workers in a row died. Gives what has failed. What somebody else is at work on is left to him.
 */
export async function failPassed(transaction: Transaction, now: number): Promise<StoredDelivery[]> {
  const found = await transaction.query(passed, [now])
  if (found.length === 0) return []
  const free = await lockFreePlaces(transaction, [...new Set(found.map(({ destination }) => text(destination)))])
  const numbers = found.filter(({ destination }) => free.has(text(destination))).map(({ number }) => number)
  const rows = await transaction.query(locked, [now, numbers])
  const dead = rows.filter(({ leased }) => leased === 1)
  await noteDeaths(transaction, dead, now)
  const again = dead.filter(row => row.cancel_reason === null && waitOf(row) !== undefined && !isExpired(row, now))
  await schedule(
    transaction,
    again.map(row => ({ number: text(row.number), due: { delayMs: waitOf(row) } })),
    now,
  )
  transaction.tally.move('attempting', 'scheduled', again.length)
  await cancel(
    transaction,
    rows.filter(row => row.cancel_reason !== null),
    now,
  )
  return fail(
    transaction,
    rows.filter(row => row.cancel_reason === null && !again.includes(row)),
    now,
  )
}

/** Their endpoints were disabled or deleted. */
async function cancel(transaction: Transaction, rows: readonly Row[], now: number): Promise<void> {
  const ends = rows.map(row => ({
    ...passedDelivery(row),
    state: 'cancelled' as const,
    reason: text(row.cancel_reason) as SettledReason,
  }))
  await settle(transaction, ends, now)
}

function passedDelivery(row: Row) {
  return {
    number: text(row.number),
    destination: text(row.destination_number),
    orderingKey: optionalText(row.ordering_key),
    from: row.leased === 1 ? ('attempting' as const) : ('scheduled' as const),
  }
}

async function noteDeaths(transaction: Transaction, dead: readonly Row[], now: number): Promise<void> {
  if (dead.length === 0) return
  const numbers = dead.map(({ number }) => text(number))
  await abandon(transaction, numbers, now)
  await transaction.query(
    'update ringback.queue set deaths = deaths + 1, token = token + 1 where number = any($1::bigint[])',
    [numbers],
  )
}

async function fail(transaction: Transaction, rows: readonly Row[], now: number): Promise<StoredDelivery[]> {
  if (rows.length === 0) return []
  const reasonOf = (row: Row): SettledReason => (isExpired(row, now) ? 'expired' : 'worker-died')
  const ends = rows.map(row => ({
    ...passedDelivery(row),
    state: 'failed' as const,
    reason: reasonOf(row),
  }))
  await settle(transaction, ends, now)
  const waited = ends.filter(({ from }) => from === 'scheduled').map(({ destination }) => destination)
  await refreshPlaces(transaction, [...new Set(waited)], now)
  return rows.map(row => ({
    ...storedDelivery(row),
    state: 'failed' as const,
    reason: reasonOf(row),
    nextAttemptAt: undefined,
    settledAt: now,
  }))
}

const isPassed = `(q.leased_at is not null and q.due_at <= $1::bigint or q.leased_at is null and q.expires_at <= $1::bigint)`

const passed = `select * from (select number, destination from ringback.queue
    where leased_at is not null and due_at <= $1::bigint order by due_at limit ${passedAtOnce}) l
  union all select * from (select number, destination from ringback.queue
    where leased_at is null and expires_at <= $1::bigint order by expires_at limit ${passedAtOnce}) e`

const locked = `select ${deliveryColumns}, q.destination as destination_number, q.ordering_key, q.deaths, q.expires_at,
    (q.leased_at is not null) as leased, ${cancelReason} as cancel_reason
  from ${deliveryTables} where d.number in (
    select q.number from ringback.queue q where q.number = any($2::bigint[]) and ${isPassed} for update skip locked)
  order by d.number`

const waitOf = (row: Row) => waitAfterDeathMs(Number(row.deaths) + 1)

function isExpired(row: Row, now: number): boolean {
  return (optionalNumber(row.expires_at) ?? Number.POSITIVE_INFINITY) <= now
}
