import type { EndpointStore, StoredNotice } from '../../../delivery/endpoints/endpoint-store.ts'
import { storedEndpoint, storedNotice } from '../../endpoints/endpoint-rows.ts'
import type { Transaction } from '../connection/transaction.ts'

/** What has happened to endpoints, until it has been told; what another worker tells is left to him. */
export async function claimNotices(
  { query }: Transaction,
  { now, limit, leaseMs }: Parameters<EndpointStore['claimNotices']>[0],
): Promise<StoredNotice[]> {
  const rows = await query(due, [now, limit])
  if (rows.length === 0) return []
  await query('update ringback.notice set due_at = $1::bigint where id = any($2::uuid[])', [
    now + leaseMs,
    rows.map(({ notice }) => notice),
  ])
  return rows.map(row => storedNotice(row, storedEndpoint(row)))
}

const due = `select e.*, n.id as notice, n.kind, n.failed_attempts as notice_failed_attempts,
    n.last_outcome as notice_last_outcome, n.last_status as notice_last_status, n.failures
  from ringback.notice n join ringback.endpoint e on e.number = n.endpoint
  where n.due_at <= $1::bigint order by n.due_at, n.id limit $2::int for update of n skip locked`

export async function endNotices(
  { query }: Transaction,
  { notices, now }: Parameters<EndpointStore['endNotices']>[0],
): Promise<void> {
  for (const { id, failures, againInMs } of notices)
    if (againInMs === undefined) await query(end, [id, failures])
    else await query(again, [id, failures, now + againInMs])
}

const end = 'delete from ringback.notice where id = $1::uuid and failures = $2::int'

const again = `update ringback.notice set due_at = $3::bigint, failures = failures + 1
  where id = $1::uuid and failures = $2::int`
