import type { StoreFilter } from '../../../delivery/stored-delivery.ts'

/** Values of a statement, each with the placeholder that stands for it. */
export class Values {
  readonly list: unknown[] = []

  add(value: unknown, type: string): string {
    this.list.push(value)
    return `$${this.list.length}::${type}`
  }
}

/** Each condition takes its value once. */
const conditions: Readonly<Record<string, readonly [type: string, condition: (value: string) => string]>> = {
  operation: ['text', value => `d.operation = ${value}`],
  callback: ['text', value => `d.callback = ${value}`],
  url: ['text', value => `starts_with(d.url, ${value})`],
  id: ['text', value => `starts_with(d.id, ${value})`],
  idempotencyKey: ['text', value => `starts_with(d.idempotency_key, ${value})`],
  destination: ['text', value => `d.destination_url = ${value}`],
  recipient: ['text', value => `d.recipient = ${value}`],
  attempted: ['boolean', value => `(coalesce(q.attempt_count, s.attempt_count) > 0) = ${value}`],
  endpoint: ['text', value => `e.id = ${value}`],
  message: ['text', value => `w.id = ${value}`],
  owner: ['text', value => `e.owner = ${value}`],
  since: ['bigint', value => `d.created_at >= ${value}`],
  until: ['bigint', value => `d.created_at < ${value}`],
}

/** What a filter asks for beside the state, each after an `and`. */
export function conditionsOf(filter: StoreFilter, values: Values): string {
  const given = Object.entries(conditions).flatMap(([name, [type, condition]]) => {
    const value = filter[name as keyof StoreFilter]
    return value === undefined ? [] : [` and ${condition(values.add(value, type))}`]
  })
  return given.join('')
}
