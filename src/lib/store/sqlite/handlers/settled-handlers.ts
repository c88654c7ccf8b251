import type {
  ClaimHandlersRequest,
  EndHandlersRequest,
  UnhandledDelivery,
} from '../../../delivery/handlers/handler-requests.ts'
import { attemptColumns, storedAttempt, storedDelivery } from '../../rows/stored-rows.ts'
import { storedDeliveryColumns, storedDeliveryTables } from '../columns.ts'
import type { Connection } from '../connection.ts'

/** The settled deliveries whose handlers have still to run. */
export function createSettledHandlers(database: Connection) {
  const due = database.prepare(
    `select ${storedDeliveryColumns}, s.token, s.handler_failures
     from ringback_settled s cross join ${storedDeliveryTables('s.delivery', 's')}
     where s.handler_due_at <= ? order by s.handler_due_at, s.delivery limit ?`,
  )
  const lease = database.prepare('update ringback_settled set handler_due_at = ? where delivery = ?')
  const last = database.prepare(
    `select ${attemptColumns} from ringback_attempt where delivery = ? order by number desc limit 1`,
  )
  const end = database.prepare(
    `update ringback_settled set handler_due_at = ?1, handler_failures = iif(?1 is null, 0, handler_failures + 1)
     where delivery = (select number from ringback_delivery where id = ?2) and token = ?3`,
  )
  return {
    claimHandlers({ now, limit, leaseMs }: ClaimHandlersRequest): UnhandledDelivery[] {
      return due.all(now, limit).map(row => {
        const number = Number(row.number)
        lease.run(now + leaseMs, number)
        const attempt = last.get(number)
        const told = attempt && storedAttempt(attempt)
        return {
          delivery: storedDelivery(row),
          token: Number(row.token),
          failures: Number(row.handler_failures),
          attempt: told && { response: told.response, error: told.error },
        }
      })
    },
    endHandlers({ handlers, now }: EndHandlersRequest): void {
      for (const { id, token, againInMs } of handlers)
        end.run(againInMs === undefined ? null : now + againInMs, id, token)
    },
  }
}
