import type { Row } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'

/** Something may be claimed from `due_at` on, or from earlier, at each `destination`, whose places are locked. */
export async function bringForward({ query }: Transaction, rows: readonly Row[], now: number): Promise<void> {
  if (rows.length === 0) return
  await query(bring, [rows.map(({ destination }) => destination), rows.map(row => Number(row.due_at)), now])
}

const bring = `with given as (
    select destination, greatest(min(due_at), $3::bigint) as at
    from unnest($1::bigint[], $2::bigint[]) as g(destination, due_at) group by destination
  ), brought as (
    update ringback.destination d set ready_at = greatest(g.at, d.paused_until, d.next_start_at) from given g
    where d.number = g.destination and d.held_at is null and d.cancelling = 0
      and (d.ready_at is null or d.ready_at > greatest(g.at, d.paused_until, d.next_start_at))
    returning d.origin, d.ready_at
  )
  update ringback.origin o set ready_at = greatest(b.at, o.paused_until)
  from (select origin, min(ready_at) as at from brought group by origin) b
  where o.number = b.origin and (o.ready_at is null or o.ready_at > greatest(b.at, o.paused_until))`
