import { optionalNumber, optionalText, type Row, text } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'
import type { Counts } from '../counts.ts'
import type { Messages } from '../messages.ts'
import type { Places } from '../place.ts'
import type { Queue } from '../queue.ts'

/** Makes the delivery of a message for an endpoint, each by its row; false if it exists. */
export type MakeDelivery = (message: Row, endpoint: Row, now: number) => boolean

/** What making a delivery changes. */
export interface MakeDeliveryParts {
  readonly places: Places
  readonly messages: Messages
  readonly queue: Queue
  readonly counts: Counts
}

export function createMakeDelivery(database: Connection, parts: MakeDeliveryParts): MakeDelivery {
  const { places, messages, queue, counts } = parts
  const insert = database.prepare(
    `insert into ringback_delivery (number, message, destination, id, operation, callback, method, url, timeout_ms,
       ordering_key, destination_hash, created_at, endpoint, webhook_message)
     select n, ?1, ?2, ?3, '', ?4, 'POST', ?5, ?6, ?7, '', ?8, ?9, ?10
     from (select coalesce((select max(number) from ringback_delivery), 0) + 1 as n)
     where true on conflict (id) do nothing`,
  )
  const bytesOf = database.prepare('select length(content) as bytes from ringback_message where number = ?')
  return (message, endpoint, now) => {
    const content = Number(message.message)
    const destination = Number(endpoint.destination)
    const orderingKey = optionalText(message.ordering_key)
    const id = `${text(message.id)}_${text(endpoint.tag)}`
    const { changes, lastInsertRowid } = insert.run(
      ...[content, destination, id, text(message.event), text(endpoint.url), Number(message.timeout_ms)],
      ...[orderingKey ?? null, now, Number(endpoint.number), Number(message.number)],
    )
    if (changes === 0) return false
    const number = Number(lastInsertRowid)
    messages.share(content)
    places.countUp(destination)
    const bytes = Number(bytesOf.get(content)?.bytes)
    const expiresAt = optionalNumber(message.expires_at)
    queue.add({ number, destination, orderingKey, expiresAt, bytes, token: 0, attemptCount: 0 }, {}, now)
    counts.change('scheduled', 1)
    return true
  }
}
