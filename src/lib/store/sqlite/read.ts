import type { SQLInputValue } from 'node:sqlite'
import { type DeliveryState, deliveryStates, isSettled } from '../../delivery/delivery-state.ts'
import type { ListQuery, StoredPage } from '../../delivery/delivery-store.ts'
import type { StoredDeliveryWithAttempts, StoreFilter } from '../../delivery/stored-delivery.ts'
import type { Connection } from './connection.ts'
import type { Counts } from './counts.ts'
import {
  attemptColumns,
  optionalBytes,
  storedAttempt,
  storedDelivery,
  storedDeliveryColumns,
  storedDeliveryTables,
} from './values.ts'

/** Looking at deliveries. */
export function createRead(database: Connection, counts: Counts) {
  const one = database.prepare(
    `select ${storedDeliveryColumns}, iif(s.kept is null or s.kept = 'all', m.content, null) as content
     from ${storedDeliveryTables()} left join ringback_message m on m.number = d.message where d.id = ?`,
  )
  const attempts = database.prepare(
    `select ${attemptColumns} from ringback_attempt where delivery = ?1
     union all select attempt_count, leased_at, null, null, null, null, null, null, null, null from ringback_queue
       where number = ?1 and leased_at is not null
     order by number`,
  )
  return {
    list({ cursor, limit, ...filter }: ListQuery): StoredPage {
      const { where, values } = whereOf(filter)
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor) || 0
      const number = orderOf(filter.state)
      const rows = database
        .prepare(
          `select ${storedDeliveryColumns} from ${tablesOf(filter.state)} where ${number} < ?${where} order by ${number} desc limit ?`,
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
        content: optionalBytes(row.content),
        attempts: attempts.all(Number(row.number)).map(storedAttempt),
      }
    },
    counts: () => counts.counts(),
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

/** The tables of deliveries, beginning with that which has those of the state, and few others. */
export function tablesOf(state: DeliveryState | undefined): string {
  if (state === undefined) return storedDeliveryTables()
  const [table, number, letter] = isSettled(state)
    ? (['ringback_settled s', 's.delivery', 's'] as const)
    : ([state === 'attempting' ? leased : 'ringback_queue q', 'q.number', 'q'] as const)
  return `${table} cross join ${storedDeliveryTables(number, letter)}`
}

const leased = 'ringback_queue q indexed by ringback_queue_leased'

/** Those on their way are few, and found by their leases; "+" keeps the planner from walking all rows for their order. */
function orderOf(state: DeliveryState | undefined): string {
  if (state === undefined) return 'd.number'
  if (state === 'attempting') return '+q.number'
  return isSettled(state) ? 's.delivery' : 'q.number'
}

/** Written out, so that the indexes of one state are found. A word that is no state matches nothing. */
function stateCondition(state: DeliveryState | undefined): string {
  if (state === undefined) return ''
  if (!deliveryStates.includes(state)) return ' and false'
  if (isSettled(state)) return ` and s.state = '${state}'`
  return ` and q.leased_at is ${state === 'attempting' ? 'not null' : 'null'}`
}
