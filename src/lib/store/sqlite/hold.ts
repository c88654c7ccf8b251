import type { MakeDueRequest } from '../../delivery/delivery-store.ts'
import type { DueTime } from '../queue/due-time.ts'
import type { Row } from '../rows/row.ts'
import type { Connection } from './connection.ts'
import type { WebhookMessages } from './endpoints/webhook-messages.ts'
import type { Queue } from './queue.ts'
import { orderedOf, type Removal, rowColumns, rowTables } from './remove.ts'

/** Deliveries whose requests have not decided yet whether they are to be sent. */
export interface Holding {
  /** The request that stored the delivery holds it. */
  hold(delivery: number): void
  /** Another request holds it too. Does nothing if nobody holds it. */
  join(id: string): void
  /** Makes a delivery due, no matter who holds it; true if it was held and still waits. */
  release(id: string, due: DueTime, now: number): boolean
  makeDue(request: MakeDueRequest): string[]
  takeBack(request: { readonly ids: readonly string[]; readonly now: number }): string[]
}

/** What is held, and how it is let go. */
export interface HoldingParts {
  readonly queue: Queue
  readonly removal: Removal
  readonly webhookMessages: Pick<WebhookMessages, 'release' | 'takeBack'>
}

export function createHolding(database: Connection, { queue, removal, webhookMessages }: HoldingParts): Holding {
  const held = database.prepare(
    `select ${rowColumns}, h.holders from ${rowTables} join ringback_held h on h.delivery = d.number where d.id = ?`,
  )
  const hold = database.prepare('insert into ringback_held (delivery, holders) values (?, 1)')
  const setHolders = database.prepare('update ringback_held set holders = ? where delivery = ?')
  const free = database.prepare('delete from ringback_held where delivery = ?')

  const release = (id: string, due: DueTime, now: number): boolean => {
    const row = held.get(id)
    if (row === undefined) return false
    free.run(Number(row.number))
    if (row.state !== 'scheduled' || isBegun(row)) return false
    queue.schedule(orderedOf(row), due, now)
    return true
  }

  const takeBack = (id: string, now: number): boolean => {
    const row = held.get(id)
    if (row === undefined) return false
    const others = Number(row.holders) - 1
    if (isBegun(row)) free.run(Number(row.number))
    else if (others > 0) setHolders.run(others, Number(row.number))
    else removal.remove(row, now)
    return others <= 0 && !isBegun(row)
  }

  return {
    hold(delivery) {
      hold.run(delivery)
    },
    join(id) {
      const row = held.get(id)
      if (row !== undefined) setHolders.run(Number(row.holders) + 1, Number(row.number))
    },
    release,
    makeDue: ({ deliveries, now }) =>
      deliveries
        .filter(({ id, ...due }) => release(id, due, now) || webhookMessages.release(id, due, now))
        .map(({ id }) => id),
    takeBack: ({ ids, now }) => ids.filter(id => takeBack(id, now) || webhookMessages.takeBack(id)),
  }
}

/** Whether its time of holding has passed and a worker has begun to send it. */
function isBegun(row: Row): boolean {
  return Number(row.attempt_count) > 0
}
