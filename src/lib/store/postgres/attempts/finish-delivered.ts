import type { AttemptResult } from '../../../delivery/stored-delivery.ts'
import { type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { dropBodies, type EndedAttempt, endedRows, insertAttempts, responseValues } from './add-attempts.ts'

/** What ended in the ordinary way. */
export interface FinishedAttempts {
  /** Their indexes. */
  readonly done: ReadonlySet<number>
  readonly finished: readonly EndedAttempt[]
}

/** Attempts that probably end in the ordinary way. */
export interface OrdinaryAttempts {
  readonly attempts: readonly AttemptResult[]
  /** Which of them. */
  readonly indexes: readonly number[]
}

/**
 * The ordinary case, for all of them in one statement: leased by this process, delivered to untroubled destinations, with
 * nothing behind. No place is locked. Of those that were not ended nothing is said.
 */
export async function finishDelivered(
  transaction: Transaction,
  { attempts, indexes }: OrdinaryAttempts,
  now: number,
): Promise<FinishedAttempts> {
  const { leases } = transaction.memory
  const given = indexes.flatMap(index => {
    const attempt = attempts[index]!
    const lease = leases.get(attempt.id)
    return lease === undefined ? [] : [{ index, attempt, ...lease }]
  })
  if (given.length === 0) return { done: new Set(), finished: [] }
  const asked = given.map(({ attempt }) => attempt)
  const rows = await transaction.query(finish, [
    now,
    given.map(({ number }) => number),
    given.map(({ destination }) => destination),
    asked.map(({ token }) => token),
    ...responseValues(asked),
    asked.map(({ next }) => (next.state === 'delivered' ? validOf(next.responseValid) : null)),
    asked.map(({ next }) =>
      next.state === 'delivered' && next.responseLeaseMs !== undefined ? now + next.responseLeaseMs : null,
    ),
  ])
  const [ended, places] = [rows.filter(({ ord }) => ord !== null), rows.filter(({ ord }) => ord === null)]
  const successes = new Map(places.map(row => [row.destination, Number(row.last_success_at)]))
  const finished = ended.map(row =>
    endedAttempt(asked[Number(row.ord) - 1]!, row, successes.get(row.destination ?? null) ?? 0),
  )
  const { tally } = transaction
  for (const { attempt, leased } of finished) {
    tally.attempt(attempt.outcome, now - leased.leasedAt, now)
    tally.move('attempting', 'delivered')
    tally.settled('delivered', now)
  }
  dropBodies(transaction, finished)
  return { done: new Set(ended.map(({ ord }) => given[Number(ord) - 1]!.index)), finished }
}

function endedAttempt(attempt: AttemptResult, row: Row, lastSuccessAt: number): EndedAttempt {
  const leased = {
    number: text(row.number),
    destination: text(row.destination),
    attemptCount: Number(row.attempt_count),
    leasedAt: Number(row.leased_at),
    lastSuccessAt,
  }
  return { attempt, leased }
}

const validOf = (valid: boolean | undefined) => (valid === undefined ? null : Number(valid))

/** Written so that rows are found by their numbers, and not among all that are leased. */
const isLeased = 'q.leased_at + 0 is not null'

/**
 * One row after the other by its key: whatever the planner takes the tables for, it never reads one of them as a whole. The
 * case has the places hashed, where a join would compare each row with each place.
 */
const finish = `with place as materialized (
    select d.number, coalesce(p.last_success_at, 0) as last_success_at
    from (select distinct number from unnest($3::bigint[]) as u(number)) d
    cross join lateral (
      select origin, last_success_at from ringback.destination
      where number = d.number and state = 'closed' and failures = 0 and trouble_since is null offset 0) p
    cross join lateral (
      select 1 from ringback.origin
      where number = p.origin and state = 'closed' and failures = 0 and lane = 'known' offset 0) o
  ), gone as (
    delete from ringback.queue q
    using ${endedRows(['number bigint', 'destination bigint', 'token int'], ['response_valid int', 'handler_due_at bigint'])}
    where q.number = e.number and q.token = e.token and q.ordering_key is null and ${isLeased}
      and case when e.destination in (select number from place) then true end
    returning e.*, q.attempt_count, q.leased_at
  ), done as (
    insert into ringback.settled (delivery, state, settled_at, response_valid, handler_due_at, token, attempt_count, kept)
    select number, 'delivered', $1::bigint, response_valid, handler_due_at, token, attempt_count,
      case when url is null then 'all' else 'webhook' end
    from gone
  ), written as (
    ${insertAttempts(5)} from gone e
  )
  select ord, number, destination, attempt_count, leased_at, null::bigint as last_success_at from gone
  union all select null, null, number, null, null, last_success_at from place`
