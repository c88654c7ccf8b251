import type { NewRecovery, StoredRecovery } from '../../../delivery/endpoints/endpoint-store.ts'
import { timeNumber } from '../add/insert-deliveries.ts'
import type { Transaction } from '../connection/transaction.ts'

/** Begins a recovery of an endpoint, which is locked; one that it had ends with that. */
export async function beginRecovery(
  { query }: Transaction,
  endpoint: unknown,
  { since, until, include }: NewRecovery,
  now: number,
): Promise<void> {
  const [fanout] = await query(add, [endpoint, now, since, include])
  await query(note, [endpoint, fanout?.['number'], since, until, now])
}

/** Below zero, where no message has its number. */
const add = `insert into ringback.fanout (number, endpoint, owner, due_at, turn, after_time, include)
  values (-(${timeNumber} << 12), $1::bigint, '', $2::bigint, ${timeNumber}, $3::bigint, $4::text) returning number`

const note = `update ringback.endpoint set recovery = $2::bigint, recovery_state = 'running', recovery_since = $3::bigint,
    recovery_until = $4::bigint, recovery_deliveries = 0, recovery_started_at = $5::bigint, recovery_finished_at = null
  where number = $1::bigint`

/**
 * Ends the recoveries that are running at endpoints, which are locked. Whoever comes to the row of one next removes that, so
 * that nobody waits for him here.
 */
export async function endRecoveries(
  { query }: Transaction,
  endpoints: readonly unknown[],
  { state, now }: { readonly state: Exclude<StoredRecovery['state'], 'running'>; readonly now: number },
): Promise<void> {
  if (endpoints.length > 0) await query(end, [endpoints, state, now])
}

const end = `update ringback.endpoint set recovery_state = $2::text, recovery_finished_at = $3::bigint
  where number = any($1::bigint[]) and recovery_state = 'running'`
