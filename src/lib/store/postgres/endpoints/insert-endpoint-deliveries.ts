import { randomInt } from 'node:crypto'
import { originGroup } from '../../../delivery/isolation/origin-group.ts'
import { type Row, text } from '../../rows/row.ts'
import { timeNumber } from '../add/insert-deliveries.ts'
import { TryAgain } from '../connection/reasons.ts'
import type { Transaction } from '../connection/transaction.ts'
import { originNumber } from '../places/place-number.ts'

/** A message and an endpoint that gets it, each by its row. */
export interface EndpointDelivery {
  readonly message: Row
  readonly endpoint: Row
}

/**
 * Makes the deliveries of messages for endpoints, due at once, and gives their number: one that exists stays as it is. As
 * with other deliveries, nothing is changed but the messages' own rows.
 */
export async function insertEndpointDeliveries(
  transaction: Transaction,
  asked: readonly EndpointDelivery[],
  now: number,
): Promise<number> {
  if (asked.length === 0) return 0
  const { query, tally } = transaction
  const contents = [...new Set(asked.map(({ message }) => text(message.message)))]
  const kept = new Map((await query(lockContents, [contents])).map(({ number, bytes }) => [text(number), bytes]))
  const deliveries = asked.flatMap(({ message, endpoint }) => {
    const bytes = kept.get(text(message.message))
    return bytes === undefined ? [] : [{ message, endpoint, bytes }]
  })
  if (deliveries.length === 0) return 0
  const columns = given.map(([, , value]) => deliveries.map(value))
  const rows = await query(insert, [randomInt(1 << 12), now, ...columns])
  if (rows.length < deliveries.length) await seeThatTheyAreThere(transaction, deliveries, rows)
  tally.change('scheduled', rows.length)
  return rows.length
}

export function deliveryId({ message, endpoint }: EndpointDelivery): string {
  return `${text(message.id)}_${text(endpoint.tag)}`
}

/** One that was not inserted is there by its id; else another one had its number. */
async function seeThatTheyAreThere(
  { query }: Transaction,
  asked: readonly EndpointDelivery[],
  inserted: readonly Row[],
): Promise<void> {
  const fresh = new Set(inserted.map(({ id }) => id))
  const ids = [...new Set(asked.map(deliveryId).filter(id => !fresh.has(id)))]
  const there = await query('select id from ringback.delivery where id = any($1::text[])', [ids])
  if (there.length < ids.length) throw new TryAgain('somebody else had the same number')
}

interface GivenDelivery extends EndpointDelivery {
  readonly bytes: unknown
}

/** The columns of what is inserted, each with its type and its value. */
const given: readonly (readonly [name: string, type: string, value: (delivery: GivenDelivery) => unknown])[] = [
  ['id', 'text', deliveryId],
  ['content', 'bigint', ({ message }) => message.message],
  ['webhook_message', 'bigint', ({ message }) => message.number],
  ['callback', 'text', ({ message }) => message.event],
  ['timeout_ms', 'int', ({ message }) => message.timeout_ms],
  ['ordering_key', 'text', ({ message }) => message.ordering_key],
  ['expires_at', 'bigint', ({ message }) => message.expires_at],
  ['bytes', 'int', ({ bytes }) => bytes],
  ['endpoint', 'bigint', ({ endpoint }) => endpoint.number],
  ['endpoint_id', 'text', ({ endpoint }) => endpoint.id],
  ['destination', 'bigint', ({ endpoint }) => endpoint.destination],
  ['epoch', 'int', ({ endpoint }) => endpoint.epoch],
  ['url', 'text', ({ endpoint }) => endpoint.url],
  ['origin_name', 'text', ({ endpoint }) => endpoint.origin],
  ['origin', 'bigint', ({ endpoint }) => originNumber(text(endpoint.origin))],
  ['group_name', 'text', ({ endpoint }) => endpointGroup(endpoint)],
]

/** The group of the origin of an endpoint: origins of one owner take turns. */
export function endpointGroup({ owner, origin }: Row): string {
  return originGroup({ recipient: text(owner), origin: text(origin) })
}

const lockContents = `select number, length(content) as bytes from ringback.message
  where number = any($1::bigint[]) order by number for no key update`

const insert = `with numbered as (
    select g.*, ((b.base + g.ord) << 12) + $1::bigint as number
    from (select ${timeNumber} as base offset 0) b
    cross join unnest(${given.map(([, type], index) => `$${index + 3}::${type}[]`).join(', ')}) with ordinality
      as g(${given.map(([name]) => name).join(', ')}, ord)
  ), added as (
    insert into ringback.delivery (number, id, message, destination, destination_url, recipient, operation, callback, method,
      url, timeout_ms, ordering_key, destination_hash, created_at, endpoint, webhook_message)
    select number, id, content, destination, url, endpoint_id, '', callback, 'POST', url, timeout_ms, ordering_key, '',
      $2::bigint, endpoint, webhook_message
    from numbered order by ord on conflict do nothing returning number
  ), fresh as (
    select n.* from numbered n join added using (number)
  ), shared as (
    update ringback.message m set deliveries = m.deliveries + f.more
    from (select content, count(*)::int as more from fresh group by content) f where m.number = f.content
  ), queued as (
    insert into ringback.queue (number, destination, due_at, wanted_at, behind, ordering_key, bytes, token, attempt_count,
      expires_at, epoch)
    select number, destination, $2::bigint, $2::bigint, case when ordering_key is null then 0 else 2 end, ordering_key, bytes,
      0, 0, expires_at, epoch
    from fresh
  ), told as (
    insert into ringback.arrival (number, destination, origin, origin_name, group_name, url, recipient, due_at, keyed,
      added_at, epoch)
    select min(number), destination, min(origin), min(origin_name), min(group_name), min(url), min(endpoint_id),
      min($2::bigint) filter (where ordering_key is null), bool_or(ordering_key is not null), $2::bigint, min(epoch)
    from fresh group by destination
  )
  select id from fresh`
