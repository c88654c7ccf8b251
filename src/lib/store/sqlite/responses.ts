import type { ClaimResponsesRequest, DeliveredResponse } from '../../delivery/delivery-store.ts'
import type { Connection } from './connection.ts'
import {
  attemptColumns,
  attemptResponse,
  storedDelivery,
  storedDeliveryColumns,
  storedDeliveryTables,
} from './values.ts'

/** The responses whose `onResponse` has still to run. */
export function createResponses(database: Connection) {
  const due = database.prepare(
    `select ${storedDeliveryColumns} from ringback_settled s cross join ${storedDeliveryTables('s.delivery', 's')}
     where s.response_due_at <= ? order by s.response_due_at, s.delivery limit ?`,
  )
  const lease = database.prepare('update ringback_settled set response_due_at = ? where delivery = ?')
  const last = database.prepare(
    `select ${attemptColumns} from ringback_attempt where delivery = ? order by number desc limit 1`,
  )
  const acknowledge = database.prepare(`update ringback_settled set response_due_at = null
     where delivery = (select number from ringback_delivery where id = ?)`)
  return {
    claimResponses({ now, limit, leaseMs }: ClaimResponsesRequest): DeliveredResponse[] {
      return due.all(now, limit).flatMap(row => {
        const number = Number(row.number)
        lease.run(now + leaseMs, number)
        const attempt = last.get(number)
        const response = attempt && attemptResponse(attempt)
        return response === undefined ? [] : [{ delivery: storedDelivery(row), response }]
      })
    },
    acknowledgeResponses(ids: readonly string[]): void {
      for (const id of ids) acknowledge.run(id)
    },
  }
}
