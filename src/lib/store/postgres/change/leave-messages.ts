import type { Row } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'

/** Fewer deliveries carry these messages; with the last one a message goes. */
export async function leaveMessages({ query }: Transaction, rows: readonly Row[]): Promise<void> {
  if (rows.length > 0) await query(leave, [rows.map(({ message }) => message)])
}

const leave = `with fewer as (
    select number, count(*)::int as gone from unnest($1::bigint[]) as m(number) group by number order by number
  ), kept as (
    update ringback.message m set deliveries = m.deliveries - f.gone from fewer f
    where m.number = f.number and m.deliveries > f.gone
  )
  delete from ringback.message m using fewer f where m.number = f.number and m.deliveries <= f.gone`
