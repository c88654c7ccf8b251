import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { DeliveryState } from '../delivery/delivery-state.ts'
import type { ListQuery, StoredDeliveryWithAttempts, StoredPage, StoreFilter } from '../delivery/delivery-store.ts'
import {
  attemptColumns,
  optionalBytes,
  storedAttempt,
  storedDelivery,
  storedDeliveryColumns,
  text,
} from './sqlite-values.ts'

const stored = 'ringback_delivery d join ringback_destination p on p.number = d.destination'

/** Looking at deliveries. */
export function createRead(database: DatabaseSync) {
  const one = database.prepare(
    `select ${storedDeliveryColumns}, j.headers, j.body from ${stored}
     left join ringback_job j on j.delivery = d.number where d.id = ?`,
  )
  const attempts = database.prepare(`select ${attemptColumns} from ringback_attempt where delivery = ? order by number`)
  const counted = database.prepare('select state, count(*) as number from ringback_delivery group by state')
  return {
    list({ cursor, limit, ...filter }: ListQuery): StoredPage {
      const { where, values } = whereOf(filter)
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor) || 0
      const rows = database
        .prepare(
          `select ${storedDeliveryColumns} from ${stored} where d.number < ?${where} order by d.number desc limit ?`,
        )
        .all(before, ...values, limit + 1)
      const page = rows.slice(0, limit)
      return {
        items: page.map(storedDelivery),
        nextCursor: rows.length > limit ? String(page.at(-1)?.number) : undefined,
      }
    },
    get(id: string): StoredDeliveryWithAttempts | undefined {
      const row = one.get(id)
      if (row === undefined) return undefined
      return {
        ...storedDelivery(row),
        headers: optionalBytes(row.headers),
        body: optionalBytes(row.body),
        attempts: attempts.all(Number(row.number)).map(storedAttempt),
      }
    },
    counts(): Record<DeliveryState, number> {
      const counts = { scheduled: 0, attempting: 0, delivered: 0, failed: 0, blocked: 0, cancelled: 0 }
      for (const row of counted.all()) counts[text(row.state) as DeliveryState] = Number(row.number)
      return counts
    },
  }
}

/** Each condition takes its value once. */
const conditions = {
  state: 'd.state = ?',
  operation: 'd.operation = ?',
  callback: 'd.callback = ?',
  url: 'instr(d.url, ?) = 1',
  since: 'd.created_at >= ?',
  until: 'd.created_at < ?',
} as const

/** The conditions of a filter, each after an `and`, and their values. */
export function whereOf(filter: StoreFilter): { readonly where: string; readonly values: readonly SQLInputValue[] } {
  const given = Object.entries(conditions).flatMap(([name, condition]) => {
    const value = filter[name as keyof typeof conditions]
    return value === undefined ? [] : [{ condition, value }]
  })
  return {
    where: given.map(({ condition }) => ` and ${condition}`).join(''),
    values: given.map(({ value }) => value),
  }
}
