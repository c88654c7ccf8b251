import type { SettledReason } from '../../../delivery/delivery-state.ts'
import type { Lease } from '../../../delivery/stored-delivery.ts'
import type { Row } from '../../rows/row.ts'
import { optionalText, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { endReason } from '../endpoints/end-reason.ts'
import type { Ordered } from '../queue/ordered.ts'

/** What a lease stands for. */
export interface LeasedDelivery extends Ordered {
  readonly wantedAt: number
  readonly attemptCount: number
  readonly leasedAt: number
  /** Nothing speaks against its destination and origin: a success tells them nothing new. */
  readonly untroubled: boolean
  /** When its destination had its last 2xx. */
  readonly lastSuccessAt: number
  /** Why it was cancelled while it was leased; undefined if it was not. */
  readonly cancelReason: SettledReason | undefined
  /** The columns of its destination `p_…` and its origin `o_…`, where it was read under a lock. */
  readonly places: Row
}

/** What leases stand for while their tokens are the last ones, in their order; locked where it is to be decided on. */
export async function readLeased(
  { query }: Transaction,
  leases: readonly Lease[],
  { locked }: { readonly locked: boolean },
): Promise<(LeasedDelivery | undefined)[]> {
  if (leases.length === 0) return []
  const rows = await query(locked ? selectLocked : selectFree, [
    leases.map(({ id }) => id),
    leases.map(({ token }) => token),
  ])
  const found = new Map(rows.map(row => [Number(row.ord) - 1, leasedDelivery(row)]))
  const seen = new Set<string>()
  return leases.map((_, index) => {
    const leased = found.get(index)
    // One that is told twice ends once.
    if (leased === undefined || seen.has(leased.number)) return undefined
    seen.add(leased.number)
    return leased
  })
}

const columns = ['number', 'state', 'failures', 'failing_since', 'pause_ms', 'paused_until', 'probe']
const ofPlace = (alias: string) => columns.map(column => `${alias}.${column} as ${alias}_${column}`).join(', ')

/** One row after the other by its key: whatever the planner takes the tables for, it never reads one of them as a whole. */
const select = (lock: string, places: string) => `select l.ord, q.*,
    (p.state = 'closed' and p.failures = 0 and o.state = 'closed' and o.failures = 0 and o.lane = 'known'
      and p.trouble_since is null) as untroubled,
    coalesce(p.last_success_at, 0) as last_success_at,
    case when q.epoch < p.epoch then coalesce((select ${endReason} from ringback.endpoint e
      where e.destination = p.number), 'endpoint-deleted') end as cancel_reason${places}
  from unnest($1::text[], $2::int[]) with ordinality as l(id, token, ord)
  cross join lateral (select number from ringback.delivery where id = l.id offset 0) d
  cross join lateral (
    select number, token, destination, ordering_key, wanted_at, attempt_count, leased_at, epoch from ringback.queue
    where number = d.number offset 0${lock}) q
  cross join lateral (select * from ringback.destination where number = q.destination offset 0) p
  cross join lateral (select * from ringback.origin where number = p.origin offset 0) o
  where q.token = l.token and q.leased_at is not null`

const selectFree = select('', '')
const selectLocked = select(' for update', `, o.lane as o_lane, p.url as p_url, ${ofPlace('p')}, ${ofPlace('o')}`)

function leasedDelivery(row: Row): LeasedDelivery {
  return {
    number: text(row.number),
    destination: text(row.destination),
    orderingKey: optionalText(row.ordering_key),
    wantedAt: Number(row.wanted_at),
    attemptCount: Number(row.attempt_count),
    leasedAt: Number(row.leased_at),
    untroubled: row.untroubled === 1,
    lastSuccessAt: Number(row.last_success_at),
    cancelReason: optionalText(row.cancel_reason) as SettledReason | undefined,
    places: row,
  }
}
