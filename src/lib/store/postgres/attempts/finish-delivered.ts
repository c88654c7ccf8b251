import type { Transaction } from '../connection/transaction.ts'
import {
  attemptColumns,
  attemptValues,
  dropBodies,
  type EndedLease,
  insertAttempts,
  noteSuccesses,
} from './add-attempts.ts'

/**
 * The ordinary case, for all of them in one statement: delivered to untroubled destinations, with nothing behind. No place
 * is locked. Gives those whose lease was still theirs.
 */
export async function finishDelivered(
  transaction: Transaction,
  ended: readonly EndedLease[],
  now: number,
): Promise<ReadonlySet<EndedLease>> {
  if (ended.length === 0) return new Set()
  const rows = await transaction.query(finish, [
    now,
    ...attemptValues(ended),
    ended.map(({ attempt }) => attempt.token),
    ended.map(({ attempt: { next } }) => (next.state === 'delivered' ? validOf(next.responseValid) : null)),
    ended.map(({ attempt: { next } }) =>
      next.state === 'delivered' && next.responseLeaseMs !== undefined ? now + next.responseLeaseMs : null,
    ),
  ])
  const done = new Set(rows.map(({ number }) => number))
  const finished = ended.filter(({ leased }) => done.has(leased.number))
  const { tally } = transaction
  for (const { attempt, leased } of finished) {
    tally.attempt(attempt.outcome, now - leased.leasedAt, now)
    tally.move('attempting', 'delivered')
    tally.settled('delivered', now)
  }
  await dropBodies(transaction, finished)
  await noteSuccesses(transaction, finished, now)
  return new Set(finished)
}

const validOf = (valid: boolean | undefined) => (valid === undefined ? null : Number(valid))

/** Written so that rows are found by their numbers, and not among all that are leased. */
const isLeased = 'q.leased_at + 0 is not null'

const finish = `with gone as (
    delete from ringback.queue q
    using unnest($2::bigint[], $13::int[], $14::int[], $15::bigint[]) as j(number, token, response_valid, handler_due_at)
    where q.number = j.number and q.token = j.token and ${isLeased}
    returning q.number, q.token, q.attempt_count, j.response_valid, j.handler_due_at
  ), done as (
    insert into ringback.settled (delivery, state, settled_at, response_valid, handler_due_at, token, attempt_count)
    select number, 'delivered', $1::bigint, response_valid, handler_due_at, token, attempt_count from gone
  ), written as (
    ${insertAttempts} from ${attemptColumns} e where e.delivery in (select number from gone)
  )
  select number from gone`
