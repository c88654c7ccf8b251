import type { HealthChange } from '../../../delivery/endpoints/endpoint-health.ts'
import type { EndpointStore, StoredNotice } from '../../../delivery/endpoints/endpoint-store.ts'
import { storedEndpoint, storedNotice } from '../../endpoints/endpoint-rows.ts'
import type { Connection } from '../connection.ts'

type EndNotices = Parameters<EndpointStore['endNotices']>[0]
type ClaimNotices = Parameters<EndpointStore['claimNotices']>[0]

/** What has happened to endpoints, until it has been told. */
export function createNotices(database: Connection) {
  const due = database.prepare(
    `select e.*, n.number as notice, n.kind, n.failed_attempts as notice_failed_attempts,
       n.last_outcome as notice_last_outcome, n.last_status as notice_last_status, n.failures
     from ringback_notice n cross join ringback_endpoint e on e.number = n.endpoint
     where n.due_at <= ? order by n.due_at, n.number limit ?`,
  )
  const lease = database.prepare('update ringback_notice set due_at = ? where number = ?')
  const again = database.prepare(
    'update ringback_notice set due_at = ?, failures = failures + 1 where number = ? and failures = ?',
  )
  const end = database.prepare('delete from ringback_notice where number = ? and failures = ?')
  return {
    claimNotices({ now, limit, leaseMs }: ClaimNotices): StoredNotice[] {
      return due.all(now, limit).map(row => {
        lease.run(now + leaseMs, Number(row.notice))
        return storedNotice({ ...row, notice: String(row.notice) }, storedEndpoint(row))
      })
    },
    endNotices({ notices, now }: EndNotices): void {
      for (const { id, failures, againInMs } of notices)
        if (againInMs === undefined) end.run(Number(id), failures)
        else again.run(now + againInMs, Number(id), failures)
    },
  }
}

/** Stores a notice in the commit of the change that it tells of. */
export function createAddNotice(database: Connection) {
  const add = database.prepare(
    `insert into ringback_notice (endpoint, kind, failed_attempts, last_outcome, last_status, due_at)
     values (?, ?, ?, ?, ?, ?)`,
  )
  return (endpoint: number, { tells, health }: HealthChange, failedAttempts: number, now: number): void => {
    if (tells === undefined) return
    add.run(endpoint, tells, failedAttempts, health.lastOutcome ?? 'abandoned', health.lastStatus ?? null, now)
  }
}
