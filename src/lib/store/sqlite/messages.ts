import type { NewDelivery } from '../../delivery/stored-delivery.ts'
import { optionalBytes } from '../rows/row.ts'
import type { Connection } from './connection.ts'

/** What deliveries carry. A number is not given twice while a delivery has it: it is that of the first one. */
export interface Messages {
  add(delivery: number, row: NewDelivery): void
  /** One more delivery carries it. */
  share(message: number): void
  /** One fewer does; with the last one it is emptied. */
  leave(message: number): void
  /** The last one with something sealed. */
  lastSealed(): Uint8Array | undefined
}

export function createMessages(database: Connection): Messages {
  const add = database.prepare('insert into ringback_message (number, content, sealed) values (?, ?, ?)')
  const count = database.prepare(
    'update ringback_message set deliveries = deliveries + ? where number = ? returning deliveries',
  )
  const empty = database.prepare("update ringback_message set content = x'', sealed = 0 where number = ?")
  const lastSealed = database.prepare(
    'select content from ringback_message where sealed = 1 order by number desc limit 1',
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
    lastSealed: () => optionalBytes(lastSealed.get()?.content),
  }
}
