import type { Transaction } from '../connection/transaction.ts'

/** Whether something waits for the destination `d` to be sent. */
export const somethingWaits = `exists (select 1 from ringback.queue w
  where w.destination = d.number and w.leased_at is null and w.behind = 0)`

/** Attempts failed at destinations; one for which nothing waits has no trouble. */
export function noteTrouble({ sendWithNext }: Transaction, destinations: readonly string[], now: number): void {
  if (destinations.length > 0) sendWithNext(note, [destinations, now])
}

/** A 2xx came from each of them: the trouble is over, and an outage with it. */
export function endTrouble({ sendWithNext }: Transaction, destinations: readonly string[], now: number): void {
  if (destinations.length > 0) sendWithNext(end, [destinations, now])
}

/** Something no longer waits: with the last one the trouble is forgotten, unless it is an outage that was told. */
export async function restTrouble({ query }: Transaction, destinations: readonly string[]) {
  if (destinations.length > 0) await query(rest, [destinations])
}

const note = `update ringback.destination d set trouble_since = $2::bigint
  where d.number = any($1::bigint[]) and (d.trouble_since is null or d.trouble_since > $2::bigint) and ${somethingWaits}`

const end = `update ringback.destination d set trouble_since = null,
    outage_ended_at = case when outage_since is not null then coalesce(outage_ended_at, $2::bigint) end,
    outage_due_at = case when outage_since is null or outage_ended_at is not null then outage_due_at
      else coalesce(outage_due_at, $2::bigint) end
  where d.number = any($1::bigint[]) and d.trouble_since is not null`

const rest = `update ringback.destination d set trouble_since = null
  where d.number = any($1::bigint[]) and d.trouble_since is not null
    and (d.outage_since is null or d.outage_ended_at is not null) and not ${somethingWaits}`
