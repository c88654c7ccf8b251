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

/** The same, as far as it is needed afterwards. */
export interface EndedAttempt {
  readonly attempt: AttemptResult
  readonly leased: Pick<LeasedDelivery, 'number' | 'destination' | 'attemptCount' | 'leasedAt' | 'lastSuccessAt'>
}

/** Writes attempts that have ended. */
export function addAttempts({ sendWithNext, tally }: Transaction, ended: readonly EndedLease[], now: number): void {
  if (ended.length === 0) return
  sendWithNext(insert, [
    now,
    ended.map(({ leased }) => leased.number),
    ended.map(({ leased }) => leased.attemptCount),
    ended.map(({ leased }) => leased.leasedAt),
    ...responseValues(ended.map(({ attempt }) => attempt)),
  ])
  for (const { attempt, leased } of ended) tally.attempt(attempt.outcome, now - leased.leasedAt, now)
}

/** Only the last response keeps its body, and one that delivered before it was replayed. */
export function dropBodies({ sendWithNext }: Transaction, ended: readonly EndedAttempt[]): void {
  const again = ended.filter(({ attempt, leased }) => leased.attemptCount > 1 && attempt.response !== undefined)
  if (again.length === 0) return
  sendWithNext(drop, [again.map(({ leased }) => leased.number), again.map(({ leased }) => leased.attemptCount)])
}

/** Notes 2xx of destinations, each to within a second; where somebody else is at work on one, he sees the next. */
export function noteSuccesses({ sendWithNext }: Transaction, ended: readonly EndedAttempt[], now: number): void {
  const noted = ended.filter(
    ({ attempt, leased }) => attempt.outcome === 'accepted' && now >= leased.lastSuccessAt + 1_000,
  )
  if (noted.length === 0) return
  sendWithNext(succeeded, [[...new Set(noted.map(({ leased }) => leased.destination))], now])
}

/** How attempts ended, as parameters of {@link endedRows}. */
export function responseValues(attempts: readonly AttemptResult[]): unknown[] {
  const bodies = attempts.map(({ response }) => response?.body ?? new Uint8Array())
  let end = 1
  return [
    Buffer.concat(bodies),
    attempts.map(({ outcome }) => outcome),
    attempts.map(({ error }) => error ?? null),
    attempts.map(({ url }) => url ?? null),
    attempts.map(({ response }) => response?.status ?? null),
    attempts.map(({ response }) => response?.headers ?? null),
    attempts.map(({ response }) => (response === undefined ? null : Number(response.bodyTruncated))),
    attempts.map(({ response }) => response?.address ?? null),
    bodies.map(({ length }) => {
      end += length
      return end - length
    }),
    bodies.map(({ length }) => length),
  ]
}

const responseColumns = [
  'outcome text',
  'error text',
  'url text',
  'status int',
  'headers text',
  'body_truncated int',
  'address text',
]
const bodyColumns = ['starts int', 'length int']

/**
 * Ended attempts as a table `e`: columns of one's own, those of {@link responseValues}, and more of one's own. The first
 * parameter is $2; that which holds the bodies, one behind the other, comes after the first columns.
 */
export function endedRows(before: readonly string[], after: readonly string[]): string {
  const columns = [...before, 'bodies', ...responseColumns, ...bodyColumns, ...after]
  const arrays = columns.flatMap((column, index) => (column === 'bodies' ? [] : [{ column, parameter: index + 2 }]))
  const types = arrays.map(({ column, parameter }) => `$${parameter}::${column.split(' ')[1]}[]`)
  const names = arrays.map(({ column }) => column.split(' ')[0])
  return `unnest(${types.join(', ')}) with ordinality as e(${names.join(', ')}, ord)`
}

/** Inserts attempts from the rows of a table `e`, with the number of the parameter in which the bodies stand. */
export function insertAttempts(bodies: number): string {
  return `insert into ringback.attempt (delivery, number, started_at, finished_at, outcome, error, url, status, headers, body,
      body_truncated, address)
    select e.number, e.attempt_count, e.leased_at, $1::bigint, e.outcome, e.error, e.url, e.status, e.headers,
      case when e.status is not null then substring($${bodies}::bytea from e.starts for e.length) end, e.body_truncated,
      e.address`
}

const leaseColumns = ['number bigint', 'attempt_count int', 'leased_at bigint']
const insert = `${insertAttempts(5)} from ${endedRows(leaseColumns, [])}`

const drop = `update ringback.attempt a set body = '', body_truncated = 1
  from unnest($1::bigint[], $2::int[]) as j(delivery, number)
  where a.delivery = j.delivery and a.number < j.number and a.outcome <> 'accepted' and length(a.body) > 0`

const succeeded = `update ringback.destination set last_success_at = $2::bigint where number in (
    select number from ringback.destination where number = any($1::bigint[]) for update skip locked)`
