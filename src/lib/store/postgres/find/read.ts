import type { ListQuery, StoredPage } from '../../../delivery/delivery-store.ts'
import type { StoredDeliveryWithAttempts } from '../../../delivery/stored-delivery.ts'
import { optionalBytes } from '../../rows/row.ts'
import { attemptColumns, storedAttempt, storedDelivery } from '../../rows/stored-rows.ts'
import type { Transaction } from '../connection/transaction.ts'
import { deliveryColumns, deliveryTables } from './delivery-columns.ts'
import { walk } from './walk.ts'

/** After the number of everything. */
export const greatest = '9223372036854775807'

export async function list(transaction: Transaction, { cursor, limit, ...filter }: ListQuery): Promise<StoredPage> {
  const after = cursor === undefined ? greatest : numberIn(cursor)
  const { rows, next } = await walk(transaction, filter, { after, order: 'desc', limit })
  return { items: rows.map(storedDelivery), nextCursor: next }
}

/** The number in a cursor; whatever else somebody gives for one finds nothing. */
export function numberIn(cursor: string): string {
  return /^\d{1,18}$/.test(cursor) ? cursor : '0'
}

export async function get({ query }: Transaction, id: string): Promise<StoredDeliveryWithAttempts | undefined> {
  const [row] = await query(one, [id])
  if (row === undefined) return undefined
  return {
    ...storedDelivery(row),
    content: optionalBytes(row.content),
    attempts: (await query(attempts, [row.number])).map(storedAttempt),
  }
}

const one = `select ${deliveryColumns}, case when s.kept is null or s.kept in ('all', 'webhook') then m.content end as content
  from ${deliveryTables} left join ringback.message m on m.number = d.message where d.id = $1::text`

const attempts = `select ${attemptColumns} from ringback.attempt where delivery = $1::bigint
  union all select attempt_count, leased_at, null, null, null, null, null, null, null, null, null from ringback.queue
    where number = $1::bigint and leased_at is not null
  order by number`
