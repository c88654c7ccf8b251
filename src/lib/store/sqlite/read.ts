import type { SQLInputValue } from 'node:sqlite'
import { type DeliveryState, deliveryStates } from '../../delivery/delivery-state.ts'
import type { ListQuery, StoredPage } from '../../delivery/delivery-store.ts'
import type { StoredDeliveryWithAttempts, StoreFilter } from '../../delivery/stored-delivery.ts'
import type { Connection } from './connection.ts'
import { attemptColumns, optionalBytes, storedAttempt, storedDelivery, storedDeliveryColumns } from './values.ts'

const stored = 'ringback_delivery d join ringback_destination p on p.number = d.destination'

/** Looking at deliveries. */
export function createRead(database: Connection) {
  const one = database.prepare(
    `select ${storedDeliveryColumns}, j.headers, j.body from ${stored}
     left join ringback_job j on j.delivery = d.number where d.id = ?`,
  )
  const attempts = database.prepare(
    `select ${attemptColumns} from ringback_attempt where delivery = ?1
     union all select attempt_count, leased_at, null, null, null, null, null, null, null, null from ringback_delivery
       where number = ?1 and state = 'attempting'
     order by number`,
  )
  const counted = database.prepare(
    `select (select count(*) from ringback_delivery) as total,
       (select count(*) from ringback_delivery where state = 'scheduled') as scheduled,
       (select count(*) from ringback_delivery where state = 'attempting') as attempting,
       (select count(*) from ringback_delivery where state = 'failed') as failed,
       (select count(*) from ringback_delivery where state = 'blocked') as blocked,
       (select count(*) from ringback_delivery where state = 'cancelled') as cancelled`,
  )
  return {
    list({ cursor, limit, ...filter }: ListQuery): StoredPage {
      const { where, values } = whereOf(filter)
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor) || 0
      // Those on their way are few, and found by their leases; "+" keeps the planner from walking all rows for their order.
      const number = filter.state === 'attempting' ? '+d.number' : 'd.number'
      const rows = database
        .prepare(
          `select ${storedDeliveryColumns} from ${stored} where ${number} < ?${where} order by ${number} desc limit ?`,
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
      const row = counted.get() ?? {}
      const [scheduled, attempting] = [Number(row.scheduled), Number(row.attempting)]
      const [failed, blocked, cancelled] = [Number(row.failed), Number(row.blocked), Number(row.cancelled)]
      // There is no index of the delivered ones, who are the most: they are what is left.
      const delivered = Number(row.total) - scheduled - attempting - failed - blocked - cancelled
      return { scheduled, attempting, delivered, failed, blocked, cancelled }
    },
  }
}

/** Each condition takes its value once. */
const conditions = {
  operation: 'd.operation = ?',
  callback: 'd.callback = ?',
  url: 'instr(d.url, ?) = 1',
  recipient: 'p.recipient = ?',
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
    where: stateCondition(filter.state) + given.map(({ condition }) => ` and ${condition}`).join(''),
    values: given.map(({ value }) => value),
  }
}

/** Written out, so that the indexes of one state are found. A word that is no state matches nothing. */
function stateCondition(state: DeliveryState | undefined): string {
  if (state === undefined) return ''
  return deliveryStates.includes(state) ? ` and d.state = '${state}'` : ' and false'
}
