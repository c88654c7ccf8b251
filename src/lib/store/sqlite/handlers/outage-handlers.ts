import type {
  ClaimOutagesRequest,
  EndOutagesRequest,
  UnhandledOutage,
} from '../../../delivery/handlers/handler-requests.ts'
import { unhandledOutage } from '../../rows/unhandled-outage-row.ts'
import type { Connection } from '../connection.ts'
import { somethingWaits } from './trouble.ts'

/** The outages of destinations whose handlers have still to run: first to tell that one began, then that it ended. */
export function createOutageHandlers(database: Connection) {
  // A destination that an operator has paused is not in an outage: nobody tries to reach it.
  const begin = database.prepare(
    `update ringback_destination set outage_since = trouble_since, outage_due_at = ?1 where number in (
       select number from ringback_destination d where trouble_since <= ?2 and outage_since is null and ${somethingWaits}
         and held_at is null and not exists (select 1 from ringback_engine where held_at is not null)
       order by trouble_since, number limit ?3)`,
  )
  const due = database.prepare(
    `select d.*, o.name as origin_name from ringback_destination d cross join ringback_origin o on o.number = d.origin
     where d.outage_due_at <= ? order by d.outage_due_at, d.number limit ?`,
  )
  const lease = database.prepare('update ringback_destination set outage_due_at = ? where number = ?')
  const endOutage = createEndOutage(database)
  return {
    claimOutages({ now, afterMs, limit, leaseMs }: ClaimOutagesRequest): UnhandledOutage[] {
      begin.run(now, now - afterMs, limit)
      return due.all(now, limit).map(row => {
        lease.run(now + leaseMs, Number(row.number))
        return unhandledOutage(row)
      })
    },
    endOutages({ outages, now }: EndOutagesRequest): void {
      for (const outage of outages) endOutage(outage, now)
    },
  }
}

function createEndOutage(database: Connection) {
  const place = `origin = (select number from ringback_origin where name = ?1) and url = ?2 and recipient = ?3
    and outage_since = ?4`
  const again = database.prepare(
    `update ringback_destination set outage_due_at = ?5, outage_failures = outage_failures + 1
     where ${place} and outage_told = ?6`,
  )
  const tellEnd = database.prepare(
    `update ringback_destination set outage_told = 1, outage_failures = 0,
       outage_due_at = iif(outage_ended_at is null, null, ?5)
     where ${place} and outage_told = 0`,
  )
  const forget = database.prepare(
    `update ringback_destination set outage_since = null, outage_ended_at = null, outage_due_at = null,
       outage_told = 0, outage_failures = 0
     where ${place} and outage_told = 1`,
  )
  return (
    { origin, url, recipient = '', since, state, againInMs }: EndOutagesRequest['outages'][number],
    now: number,
  ): void => {
    if (againInMs !== undefined) again.run(origin, url, recipient, since, now + againInMs, state === 'began' ? 0 : 1)
    else if (state === 'began') tellEnd.run(origin, url, recipient, since, now)
    else forget.run(origin, url, recipient, since)
  }
}
