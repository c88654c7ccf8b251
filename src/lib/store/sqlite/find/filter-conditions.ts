import type { SQLInputValue } from 'node:sqlite'
import type { StoreFilter } from '../../../delivery/stored-delivery.ts'

/** Conditions on the tables of deliveries, each beginning with `and`, and their values. */
export interface Conditions {
  readonly where: string
  readonly values: readonly SQLInputValue[]
}

/** Each condition uses its value once. */
const conditions = {
  operation: 'd.operation = ?',
  callback: 'd.callback = ?',
  url: 'instr(d.url, ?) = 1',
  id: 'instr(d.id, ?) = 1',
  idempotencyKey: 'instr(d.idempotency_key, ?) = 1',
  destination: 'p.url = ?',
  recipient: 'p.recipient = ?',
  attempted: '(coalesce(q.attempt_count, s.attempt_count) > 0) = ?',
  endpoint: 'e.id = ?',
  message: 'w.id = ?',
  owner: 'e.owner = ?',
  since: 'd.created_at >= ?',
  until: 'd.created_at < ?',
} as const

/** The conditions of a filter, except for the state. */
export function conditionsOf(filter: StoreFilter): Conditions {
  const given = Object.entries(conditions).flatMap(([name, condition]) => {
    const value = filter[name as keyof typeof conditions]
    return value === undefined ? [] : [{ condition, value: typeof value === 'boolean' ? Number(value) : value }]
  })
  return {
    where: given.map(({ condition }) => ` and ${condition}`).join(''),
    values: given.map(({ value }) => value),
  }
}
