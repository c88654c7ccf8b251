import type { PurgeRequest } from '../../../delivery/delivery-store.ts'
import { hourMs, hoursKept } from '../../../delivery/manage/store-stats.ts'
import { type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { purgeWebhooks, removeEmptied } from '../endpoints/purge-webhooks.ts'
import { forgetPlaces } from '../places/forget-places.ts'
import { foldTally } from '../stats/tally-table.ts'
import { leaveMessages } from './leave-messages.ts'
import { stateOf } from './remove.ts'

/** Of each kind. */
const purgedAtOnce = 1_000

/**
 * Removes what is older than its retention, a piece at a time. `kept` says what a settled delivery still has: `all`, or
 * only the row, which stays longer for those that `failed`. So that each step finds its rows by an index.
 */
export async function purge(transaction: Transaction, request: PurgeRequest): Promise<boolean> {
  const { now, bytesMs, webhookMs, rowsMs, failedMs } = request
  const left = [
    await stripRows(transaction, 'all', now - bytesMs),
    await stripRows(transaction, 'webhook', now - webhookMs),
    await removeRows(transaction, 'row', now - rowsMs),
    await removeRows(transaction, 'failed row', now - failedMs),
    await purgeWebhooks(transaction, request),
  ]
  await transaction.query('delete from ringback.replay where finished_at < $1::bigint', [now - rowsMs])
  await foldTally(transaction, now - (hoursKept - 1) * hourMs)
  return left.includes(true)
}

/** What another worker purges, or an operator changes, is left to him. */
const aged = `select s.delivery as number, s.state, d.destination, d.message, d.webhook_message
  from ringback.settled s join ringback.delivery d on d.number = s.delivery
  where s.kept = $1::text and s.settled_at < $2::bigint
  order by s.settled_at limit ${purgedAtOnce} for update of s skip locked`

async function stripRows(transaction: Transaction, kept: 'all' | 'webhook', before: number): Promise<boolean> {
  const rows = await transaction.query(aged, [kept, before])
  if (rows.length === 0) return false
  await leaveMessages(transaction, rows)
  await transaction.query(strip, [numbersOf(rows)])
  await transaction.query(keepRow, [numbersOf(rows)])
  return rows.length === purgedAtOnce
}

const strip = `update ringback.attempt set status = null, headers = null, body = null, address = null
  where delivery = any($1::bigint[])`

const keepRow = `update ringback.settled set kept = case when state = 'failed' then 'failed row' else 'row' end
  where delivery = any($1::bigint[])`

async function removeRows(transaction: Transaction, kept: string, before: number): Promise<boolean> {
  const rows = await transaction.query(aged, [kept, before])
  if (rows.length === 0) return false
  for (const removal of removals) await transaction.query(removal, [numbersOf(rows)])
  for (const row of rows) transaction.tally.change(stateOf(row), -1)
  await removeEmptied(transaction, rows)
  await forgetPlaces(transaction, await freePlaces(transaction, rows))
  return rows.length === purgedAtOnce
}

const removals = [
  'delete from ringback.attempt where delivery = any($1::bigint[])',
  'delete from ringback.held where delivery = any($1::bigint[])',
  'delete from ringback.settled where delivery = any($1::bigint[])',
  'delete from ringback.delivery where number = any($1::bigint[])',
]

const numbersOf = (rows: readonly Row[]) => rows.map(({ number }) => number)

/** Of their destinations those that have no delivery any more and that nobody is at work on. */
async function freePlaces({ query }: Transaction, rows: readonly Row[]): Promise<string[]> {
  const found = await query(free, [[...new Set(rows.map(({ destination }) => destination))]])
  return found.map(({ number }) => text(number))
}

const free = `with o as materialized (
    select number from ringback.origin where number in (
      select d.origin from ringback.destination d where d.number = any($1::bigint[])
        and not exists (select 1 from ringback.delivery x where x.destination = d.number)) for update skip locked
  ) select number from ringback.destination where number = any($1::bigint[]) and origin in (select number from o)
  for update skip locked`
