import type { AttemptResult } from '../../../delivery/stored-delivery.ts'
import type { Transaction } from '../connection/transaction.ts'
import type { LeasedDelivery } from './leased.ts'

/** An attempt that has ended, and what it was an attempt for. */
export interface EndedLease {
  readonly attempt: AttemptResult
  readonly leased: LeasedDelivery
  /** Where it stands among what was asked. */
  readonly index: number
}

/** Writes attempts that have ended. */
export async function addAttempts({ query, tally }: Transaction, ended: readonly EndedLease[], now: number) {
  if (ended.length === 0) return
  await query(insert, [now, ...attemptValues(ended)])
  for (const { attempt, leased } of ended) tally.attempt(attempt.outcome, now - leased.leasedAt, now)
}

/** Only the last response keeps its body, and one that delivered before it was replayed. */
export async function dropBodies({ query }: Transaction, ended: readonly EndedLease[]) {
  const again = ended.filter(({ attempt, leased }) => leased.attemptCount > 1 && attempt.response !== undefined)
  if (again.length === 0) return
  await query(drop, [again.map(({ leased }) => leased.number), again.map(({ leased }) => leased.attemptCount)])
}

/** Notes 2xx of destinations, each to within a second; where somebody else is at work on one, he sees the next. */
export async function noteSuccesses({ query }: Transaction, ended: readonly EndedLease[], now: number) {
  const noted = ended.filter(
    ({ attempt, leased }) => attempt.outcome === 'accepted' && now >= leased.lastSuccessAt + 1_000,
  )
  if (noted.length === 0) return
  await query(succeeded, [[...new Set(noted.map(({ leased }) => leased.destination))], now])
}

/** The parameters of {@link attemptColumns}, from the second on. */
export function attemptValues(ended: readonly EndedLease[]): unknown[] {
  const bodies = ended.map(({ attempt }) => attempt.response?.body ?? new Uint8Array())
  return [
    ended.map(({ leased }) => leased.number),
    ended.map(({ leased }) => leased.attemptCount),
    ended.map(({ leased }) => leased.leasedAt),
    ended.map(({ attempt }) => attempt.outcome),
    ended.map(({ attempt }) => attempt.error ?? null),
    ended.map(({ attempt }) => attempt.response?.status ?? null),
    ended.map(({ attempt }) => attempt.response?.headers ?? null),
    ended.map(({ attempt }) => (attempt.response === undefined ? null : Number(attempt.response.bodyTruncated))),
    ended.map(({ attempt }) => attempt.response?.address ?? null),
    Buffer.concat(bodies),
    bodies.map(body => body.length),
  ]
}

/** Ended attempts as a table, from the parameters $2 to $12. */
export const attemptColumns = `(select *,
    1 + coalesce(sum(length) over (order by ord rows between unbounded preceding and 1 preceding), 0)::int as starts
  from unnest($2::bigint[], $3::int[], $4::bigint[], $5::text[], $6::text[], $7::int[], $8::text[], $9::int[], $10::text[],
    $12::int[]) with ordinality as g(delivery, number, started_at, outcome, error, status, headers, body_truncated, address,
    length, ord))`

/** Writes those of `e` that are among the rows of a table of numbers. */
export const insertAttempts = `insert into ringback.attempt (delivery, number, started_at, finished_at, outcome, error,
    status, headers, body, body_truncated, address)
  select e.delivery, e.number, e.started_at, $1::bigint, e.outcome, e.error, e.status, e.headers,
    case when e.status is not null then substring($11::bytea from e.starts for e.length) end, e.body_truncated, e.address`

const insert = `${insertAttempts} from ${attemptColumns} e`

const drop = `update ringback.attempt a set body = '', body_truncated = 1
  from unnest($1::bigint[], $2::int[]) as j(delivery, number)
  where a.delivery = j.delivery and a.number < j.number and a.outcome <> 'accepted' and length(a.body) > 0`

const succeeded = `update ringback.destination set last_success_at = $2::bigint where number in (
    select number from ringback.destination where number = any($1::bigint[]) for update skip locked)`
