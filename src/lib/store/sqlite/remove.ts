import { type DeliveryState, isSettled } from '../../delivery/delivery-state.ts'
import { optionalNumber, optionalText, type Row, text } from '../rows/row.ts'
import { countedStateColumn, staleColumn } from './columns.ts'
import type { Connection } from './connection.ts'
import type { Counts } from './counts.ts'
import type { Trouble } from './handlers/trouble.ts'
import type { Messages } from './messages.ts'
import type { Places } from './place.ts'
import type { Ordered, Queue } from './queue.ts'

/** Takes deliveries out of what is to be sent. */
export interface Removal {
  /** A delivery no longer waits, so claims need not look for it. */
  forget(delivery: Ordered, now: number): void
  /** Removes a row with everything that belongs to it, and lets the next one of its ordering key go. */
  remove(row: Row, now: number): void
}

/**
 * What must be known of a delivery to change or remove it, from the tables `d`, `q` and `s` that {@link rowTables}
 * joins.
 */
export const rowColumns = `d.number, d.destination, d.message, d.ordering_key, ${countedStateColumn} as state, q.behind, s.kept,
  coalesce(q.attempt_count, s.attempt_count) as attempt_count, d.webhook_message,
  ${staleColumn} as is_stale`
export const rowTables = `ringback_delivery d left join ringback_queue q on q.number = d.number
  left join ringback_settled s on s.delivery = d.number`

/**
 * Removes the rows of a delivery, but not its message; each statement takes the delivery's number. Rows with content
 * are only emptied: see {@link createSweep}.
 */
export const removalsOfDelivery = [
  `update ringback_attempt set delivery = null, status = null, headers = null, body = null, address = null, error = null
   where delivery = ?`,
  'delete from ringback_queue where number = ?',
  'delete from ringback_settled where delivery = ?',
  'delete from ringback_held where delivery = ?',
  `update ringback_delivery set destination = 0, id = char(0) || number, operation = '', callback = '', method = '', url = '',
     idempotency_key = null, digest = null, ordering_key = null, destination_hash = '', endpoint = null, webhook_message = null
   where number = ?`,
]

/** What a removal changes. */
export interface RemovalParts {
  readonly places: Places
  readonly messages: Messages
  readonly queue: Queue
  readonly counts: Counts
  readonly trouble: Trouble
  /** Removes the message of a webhook with its last delivery. */
  readonly removeMessage: (webhookMessage: number) => void
}

export function createRemoval(database: Connection, parts: RemovalParts): Removal {
  const { places, messages, queue, counts, trouble } = parts
  const hasDelivery = database.prepare('select 1 from ringback_delivery where webhook_message = ? limit 1')
  const statements = removalsOfDelivery.map(sql => database.prepare(sql))
  const forget = ({ destination }: Ordered, now: number) => {
    places.refreshDestinations([destination], now)
    places.refreshOrigins([places.destination(destination).origin], now)
  }
  return {
    forget,
    remove(row, now) {
      const delivery = orderedOf(row)
      if (hasMessage(row)) messages.leave(Number(row.message))
      const webhookMessage = optionalNumber(row.webhook_message)
      for (const statement of statements) statement.run(delivery.number)
      counts.change(stateOf(row), -1)
      if (waits(row)) forget(delivery, now)
      queue.promote(delivery, now)
      trouble.rest(delivery.destination)
      places.countDown(delivery.destination)
      if (webhookMessage !== undefined && hasDelivery.get(webhookMessage) === undefined)
        parts.removeMessage(webhookMessage)
    },
  }
}

/** Whether a claim would look for the delivery. */
export function waits(row: Row): boolean {
  return row.state === 'scheduled' && row.behind === 0
}

/** Whether its message is still kept. */
export function hasMessage(row: Row): boolean {
  return row.kept === null || row.kept === 'all' || row.kept === 'webhook'
}

/** Whether it is settled, or will be, as it waited for an endpoint that was disabled. */
export function isEnded(row: Row): boolean {
  return isSettled(stateOf(row)) || row.is_stale === 1
}

/** The state that it is counted in. */
export function stateOf(row: Row): DeliveryState {
  return text(row.state) as DeliveryState
}

export function orderedOf(row: Row): Ordered {
  return {
    number: Number(row.number),
    destination: Number(row.destination),
    orderingKey: optionalText(row.ordering_key),
  }
}
