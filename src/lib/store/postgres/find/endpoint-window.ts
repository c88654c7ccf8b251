import type { StoreFilter } from '../../../delivery/stored-delivery.ts'
import { text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import type { WalkStep } from './walk-step.ts'

/** At most so many numbers are in one window. */
const windowSize = 1_000

/** Some numbers of deliveries, and where to go on; undefined at the end. */
export interface Window {
  readonly numbers: readonly string[]
  readonly next: string | undefined
}

/**
 * The next deliveries of an endpoint, of a message or of an owner's endpoints, found by their indexes, so that a page costs the
 * same however many deliveries of others there are. Undefined if a filter names none of these.
 */
export async function endpointWindow(
  { query }: Transaction,
  { endpoint, message, owner }: StoreFilter,
  { after, order }: WalkStep,
): Promise<Window | undefined> {
  const asked = [
    { value: endpoint, column: 'endpoint', of: 'select number from ringback.endpoint where id = $1::text' },
    {
      value: message,
      column: 'webhook_message',
      of: 'select number from ringback.webhook_message where id = $1::text',
    },
    { value: owner, column: 'endpoint', of: 'select number from ringback.endpoint where owner = $1::text' },
  ].find(({ value }) => value !== undefined)
  if (asked === undefined) return undefined
  const further = `number ${order === 'desc' ? '<' : '>'} $2::bigint order by number ${order} limit ${windowSize}`
  const rows = await query(
    `select d.number from (${asked.of}) v cross join lateral (
       select number from ringback.delivery where ${asked.column} = v.number and ${further}) d
     order by d.number ${order} limit ${windowSize}`,
    [asked.value, after],
  )
  const numbers = rows.map(({ number }) => text(number))
  return { numbers, next: numbers.length === windowSize ? numbers.at(-1) : undefined }
}
