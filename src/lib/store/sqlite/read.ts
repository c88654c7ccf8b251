import type { ListQuery, StoredPage } from '../../delivery/delivery-store.ts'
import type { StoredDeliveryWithAttempts } from '../../delivery/stored-delivery.ts'
import { optionalBytes } from '../rows/row.ts'
import { attemptColumns, storedAttempt, storedDelivery } from '../rows/stored-rows.ts'
import { storedDeliveryColumns, storedDeliveryTables } from './columns.ts'
import type { Connection } from './connection.ts'
import type { Counts } from './counts.ts'
import type { Walk } from './find/walk.ts'

/** Reads deliveries. */
export function createRead(database: Connection, walk: Walk, counts: Counts) {
  const one = database.prepare(
    `select ${storedDeliveryColumns}, iif(s.kept is null or s.kept in ('all', 'webhook'), m.content, null) as content
     from ${storedDeliveryTables()} left join ringback_message m on m.number = d.message where d.id = ?`,
  )
  const attempts = database.prepare(
    `select ${attemptColumns} from ringback_attempt where delivery = ?1
     union all select attempt_count, leased_at, null, null, null, null, null, null, null, null, null from ringback_queue
       where number = ?1 and leased_at is not null
     order by number`,
  )
  return {
    list({ cursor, limit, ...filter }: ListQuery): StoredPage {
      const after = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor) || 0
      const { rows, next } = walk(storedDeliveryColumns, filter, { after, order: 'desc', limit })
      return { items: rows.map(storedDelivery), nextCursor: next === undefined ? undefined : String(next) }
    },
    get(id: string): StoredDeliveryWithAttempts | undefined {
      const row = one.get(id)
      if (row === undefined) return undefined
      return {
        ...storedDelivery(row),
        content: optionalBytes(row.content),
        attempts: attempts.all(Number(row.number)).map(storedAttempt),
      }
    },
    counts: () => counts.counts(),
  }
}
