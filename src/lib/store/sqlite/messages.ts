import type { NewDelivery } from '../../delivery/stored-delivery.ts'
import { optionalBytes } from '../rows/row.ts'
import type { Connection } from './connection.ts'

/**
 * What deliveries carry. A message has the number of its first delivery, which is not used again while any delivery has
 * it.
 */
export interface Messages {
  add(delivery: number, row: NewDelivery): void
  /** Adds what no delivery carries yet, and returns its number. */
  addForWebhook(row: NewDelivery): number
  /** One more delivery carries the message. */
  share(message: number): void
  /** One delivery less carries it. After the last one it is emptied. */
  leave(message: number): void
  /** The last message with something sealed in it. */
  lastSealed(): Uint8Array | undefined
}

/** A number that neither a delivery nor a message has. */
export const nextNumber = `(select coalesce(max(n), 0) + 1 from (select max(number) as n from ringback_delivery
  union all select max(number) from ringback_message))`

export function createMessages(database: Connection): Messages {
  const add = database.prepare('insert into ringback_message (number, content, sealed) values (?, ?, ?)')
  const count = database.prepare(
    'update ringback_message set deliveries = deliveries + ? where number = ? returning deliveries',
  )
  const empty = database.prepare("update ringback_message set content = x'', sealed = 0 where number = ?")
  const lastSealed = database.prepare(
    `select content from (select * from (select content from ringback_message where sealed = 1 order by number desc limit 1)
     union all select * from (select sealed from ringback_endpoint where sealed <> x'' order by number desc limit 1)) limit 1`,
  )
  const addForWebhook = database.prepare(
    `insert into ringback_message (number, content, sealed) values (${nextNumber}, ?, ?)`,
  )
  return {
    add(delivery, { content, isSealed }) {
      add.run(delivery, content, isSealed ? 1 : 0)
    },
    share(message) {
      count.get(1, message)
    },
    leave(message) {
      if (count.get(-1, message)?.deliveries === 0) empty.run(message)
    },
    addForWebhook: ({ content, isSealed }) => Number(addForWebhook.run(content, isSealed ? 1 : 0).lastInsertRowid),
    lastSealed: () => optionalBytes(lastSealed.get()?.content),
  }
}
