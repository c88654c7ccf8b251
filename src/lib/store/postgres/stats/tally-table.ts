import { type DeliveryState, deliveryStates } from '../../../delivery/delivery-state.ts'
import { hourMs } from '../../../delivery/manage/store-stats.ts'
import { foldedHour, hourColumns, storedHours } from '../../stats/hour-counts.ts'
import type { Asked } from '../connection/statement.ts'
import type { Transaction } from '../connection/transaction.ts'
import { countedColumns, stateColumns, tallyColumns } from './tally.ts'

const insert = `insert into ringback.tally (${tallyColumns.join(', ')})
  values (${tallyColumns.map((_, index) => `$${index + 1}::bigint`).join(', ')})`

/** Writes what was counted, and asks for what comes after it. */
export async function writeTally({ query, queryAll, tally }: Transaction, then: readonly Asked[] = []): Promise<void> {
  const rows = tally.rows()
  const [last] = rows.slice(-1)
  for (const row of rows.slice(0, -1)) await query(insert, row)
  await queryAll([...(last === undefined ? [] : [{ text: insert, values: last }]), ...then])
}

const countStates = `select ${stateColumns.map(column => `sum(${column}) as ${column}`).join(', ')} from ringback.tally`

export async function counts({ query }: Transaction): Promise<Record<DeliveryState, number>> {
  const [row = {}] = await query(countStates)
  const entries = deliveryStates.map(state => [state, Number(row[`in_${state}`] ?? 0)])
  return Object.fromEntries(entries)
}

const readHours = `select hour, ${hourColumns.map(column => `sum(${column}) as ${column}`).join(', ')}
  from ringback.tally group by hour
  order by hour`

/** The hours from `since` on, in their order, and all of them together. */
export async function readTallyHours({ query }: Transaction, since: number) {
  const rows = await query(readHours)
  return storedHours(
    rows.map(row => ['hour', ...hourColumns].map(column => Number(row[column] ?? 0))),
    since,
  )
}

/** So many rows are folded at once. */
const foldedAtOnce = 10_000

const fold = `with gone as (
    delete from ringback.tally where ctid = any(array(
      select ctid from ringback.tally limit ${foldedAtOnce} for update skip locked))
      and (select count(*) from (select 1 from ringback.tally limit $2::int) x) >= $2::int
    returning *
  ) insert into ringback.tally (${tallyColumns.join(', ')})
  select case when hour < $1::bigint then ${foldedHour} else hour end,
    ${countedColumns.map(column => `nullif(sum(${column}), 0)`).join(', ')}
  from gone group by 1`

/** Adds the rows of the same hour up to one, and those of hours before this one to the first. */
export async function foldTally({ query }: Transaction, before: number): Promise<void> {
  await query(fold, [Math.floor(before / hourMs), 1])
}

const foldEveryMs = 1_000
/** Fewer than these are added up as fast as one. */
const worthFolding = 200

/** The same where there are many rows, and not too often. */
export function foldManyRows({ sendWithNext, memory }: Transaction): void {
  const now = performance.now()
  if (now - memory.foldedAt < foldEveryMs) return
  memory.foldedAt = now
  sendWithNext(fold, [foldedHour, worthFolding])
}
