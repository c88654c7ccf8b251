import type {
  ClaimHandlersRequest,
  EndHandlersRequest,
  UnhandledDelivery,
} from '../../../delivery/handlers/handler-requests.ts'
import { attemptColumns, storedAttempt, storedDelivery } from '../../rows/stored-rows.ts'
import type { Transaction } from '../connection/transaction.ts'
import { deliveryColumns, webhookTables } from '../find/delivery-columns.ts'

/** The settled deliveries whose handlers have still to run. */
export async function claimHandlers(
  { query }: Transaction,
  { now, limit, leaseMs }: ClaimHandlersRequest,
): Promise<UnhandledDelivery[]> {
  const rows = await query(due, [now, limit])
  if (rows.length === 0) return []
  const numbers = rows.map(({ number }) => number)
  await query('update ringback.settled set handler_due_at = $1::bigint where delivery = any($2::bigint[])', [
    now + leaseMs,
    numbers,
  ])
  const attempts = new Map((await query(last, [numbers])).map(row => [row.delivery, storedAttempt(row)]))
  return rows.map(row => {
    const told = attempts.get(row.number ?? null)
    return {
      delivery: storedDelivery(row),
      token: Number(row.token),
      failures: Number(row.handler_failures),
      attempt: told && { response: told.response, error: told.error },
    }
  })
}

const due = `select ${deliveryColumns}, s.token, s.handler_failures
  from ringback.settled s join ringback.delivery d on d.number = s.delivery left join ringback.queue q on false
    ${webhookTables}
  where s.handler_due_at <= $1::bigint order by s.handler_due_at, s.delivery limit $2::int for update of s skip locked`

const last = `select distinct on (delivery) delivery, ${attemptColumns} from ringback.attempt
  where delivery = any($1::bigint[]) order by delivery, number desc`

export async function endHandlers({ query }: Transaction, { handlers, now }: EndHandlersRequest): Promise<void> {
  for (const { id, token, againInMs } of handlers)
    await query(end, [againInMs === undefined ? null : now + againInMs, id, token])
}

const end = `update ringback.settled set handler_due_at = $1::bigint,
    handler_failures = case when $1::bigint is null then 0 else handler_failures + 1 end
  where delivery = (select number from ringback.delivery where id = $2::text) and token = $3::int`
