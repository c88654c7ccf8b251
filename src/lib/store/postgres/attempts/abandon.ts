import type { Transaction } from '../connection/transaction.ts'

/** Ends the attempts that are on their way, of those that have one. */
export async function abandon({ query, tally }: Transaction, numbers: readonly string[], now: number): Promise<void> {
  if (numbers.length === 0) return
  for (const _ of await query(insert, [numbers, now])) tally.attempt('abandoned', undefined, now)
}

const insert = `insert into ringback.attempt (delivery, number, started_at, finished_at, outcome)
  select number, attempt_count, leased_at, $2::bigint, 'abandoned' from ringback.queue
  where number = any($1::bigint[]) and leased_at is not null returning delivery`
