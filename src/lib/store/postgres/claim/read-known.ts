import type { ClaimRequest } from '../../../delivery/delivery-store.ts'
import type { Row } from '../../rows/row.ts'
import { text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'

/** The known origins of a claim, locked, and with them, in the same statement, what the claim will probably choose among. */
export interface KnownRows {
  readonly origins: readonly Row[]
  /** Of each origin so many destinations at most. */
  readonly ofOrigin: number
  readonly destinations: readonly Row[]
  /** Of each destination so many rows at most, in the order of the destinations. */
  readonly ofDestination: number
  readonly due: readonly (readonly ReadRow[])[]
}

/** A row of the queue. */
export interface ReadRow {
  readonly key: string
  readonly bytes: number
}

/** For a claim where there are known origins only, which is the ordinary one. */
export async function readKnown({ query }: Transaction, request: ClaimRequest): Promise<KnownRows> {
  const { now, limit, perOrigin, running } = request
  const full = [...running].filter(([, count]) => count >= perOrigin).map(([name]) => name)
  const rows = await query(known, [now, full, limit, Math.min(perOrigin, limit)])
  const origins = new Map(rows.map(row => [row.number, row]))
  const destinations = rows.filter(row => row.d_number !== null)
  return {
    origins: [...origins.values()].sort(byReadiness),
    ofOrigin: Number(rows[0]?.of_origin ?? 0),
    destinations: destinations.map(destinationRow),
    ofDestination: Number(rows[0]?.of_destination ?? 0),
    due: destinations.map(dueOf),
  }
}

/** Numbers of deliveries are larger than safe integers. */
function byReadiness(a: Row, b: Row): number {
  return Number(a.ready_at) - Number(b.ready_at) || Number(BigInt(text(a.entered)) - BigInt(text(b.entered)))
}

function destinationRow(row: Row): Row {
  return Object.fromEntries(columns.map(name => [name, row[`d_${name}`] ?? null]))
}

/** Arrays come as texts of whole numbers: `{1,2}`. */
function dueOf({ keys, bytes }: Row): ReadRow[] {
  if (keys === null || keys === undefined) return []
  const lengths = text(bytes).slice(1, -1).split(',')
  const numbers = text(keys).slice(1, -1).split(',')
  return numbers.map((key, index) => ({ key, bytes: Number(lengths[index]) }))
}

const columns = ['number', 'entered', 'origin', 'url', 'recipient', 'ready_at', 'state', 'rate']

/**
 * Of each origin its share of the slots, and one destination more where the shares do not come out even; of each destination
 * its share of these, and one row more, which tells whether something is left. What is locked is read as it is now, and the
 * rows of the queue as they were when this began: whoever leases them looks again.
 */
const known = `with o as materialized (
    select number, name, lane, state, ready_at, entered from ringback.origin
    where lane = 'known' and ready_at <= $1::bigint and turn is null and name <> all($2::text[])
    order by ready_at, entered limit $3::int for update skip locked
  ), share as materialized (
    select least(($3::int + count(*) - 1) / greatest(count(*), 1) + 1, $4::int) as of_origin,
      least(($3::int + count(*) - 1) / greatest(count(*), 1), $4::int) * count(*) as slots from o
  ), d as materialized (
    select d.* from o cross join lateral (
      select ${columns.join(', ')} from ringback.destination
      where origin = o.number and ready_at <= $1::bigint order by ready_at, entered
      limit (select of_origin from share) for update skip locked) d
  ), each as materialized (
    select greatest((s.slots + n.destinations - 1) / greatest(n.destinations, 1), 1) + 1 as of_destination
    from share s, (select count(*) as destinations from d) n
  )
  select o.*, share.of_origin, each.of_destination,
    ${columns.map(name => `d.${name} as d_${name}`).join(', ')}, q.keys, q.bytes
  from share, each, o left join d on d.origin = o.number left join lateral (
    select array_agg(number) as keys, array_agg(bytes) as bytes from (
      select number, bytes from ringback.queue
      where destination = d.number and leased_at is null and behind = 0 and due_at <= $1::bigint
        and (expires_at is null or expires_at > $1::bigint)
      order by due_at, number limit (select of_destination from each)) w) q on true
  order by d.entered`
