import type { DeliveryState } from '../../delivery/delivery-state.ts'
import type { StoredMessage } from '../../delivery/endpoints/endpoint-store.ts'
import { isNull, type Row, text } from '../rows/row.ts'
import { wordsOf } from './words.ts'

/** A message from its columns and the number of its fan-out, if there still is one. */
export function storedMessage(row: Row, deliveries: Readonly<Record<DeliveryState, number>>): StoredMessage {
  return {
    id: text(row.id),
    event: text(row.event),
    owner: text(row.owner),
    channels: wordsOf(text(row.channels)),
    timestamp: Number(row.occurred_at),
    createdAt: Number(row.created_at),
    expanded: isNull(row.fanout),
    deliveries,
  }
}

/** How many deliveries there are in each state, from rows with `state` and `deliveries`. */
export function stateCounts(rows: readonly Row[]): Record<DeliveryState, number> {
  const counts = { scheduled: 0, attempting: 0, delivered: 0, failed: 0, blocked: 0, cancelled: 0 }
  for (const { state, deliveries } of rows) counts[text(state) as DeliveryState] = Number(deliveries)
  return counts
}
