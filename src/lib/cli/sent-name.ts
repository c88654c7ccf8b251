import type { Delivery } from '../delivery/deliveries.ts'

/** What was sent: a callback of an operation, or an event, which no operation has. */
export function sentName({ operation, callback }: Pick<Delivery, 'operation' | 'callback'>): string {
  return operation === '' ? callback : `${operation}.${callback}`
}
