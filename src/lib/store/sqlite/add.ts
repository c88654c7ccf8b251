import type { SQLInputValue } from 'node:sqlite'
import type { AddedDelivery, AddRequest, AddResult, KeyedDelivery } from '../../delivery/delivery-store.ts'
import type { IdempotencyKey, NewDelivery } from '../../delivery/stored-delivery.ts'
import { findConflict, findKnown } from '../rows/known-keys.ts'
import { text } from '../rows/row.ts'
import type { Connection } from './connection.ts'
import type { Counts } from './counts.ts'
import type { WebhookMessages } from './endpoints/webhook-messages.ts'
import type { Holding } from './hold.ts'
import { type Messages, nextNumber } from './messages.ts'
import type { Places } from './place.ts'
import type { Queue } from './queue.ts'

/** Adds deliveries, and finds them by their idempotency keys. */
export function createAdd(
  database: Connection,
  insert: ReturnType<typeof createInsert>,
  { holding, webhookMessages }: { readonly holding: Holding; readonly webhookMessages: WebhookMessages },
) {
  const keyed = database.prepare(
    `select d.id, d.digest, h.holders from ringback_delivery d join ringback_destination p on p.number = d.destination
     left join ringback_held h on h.delivery = d.number
     where d.idempotency_key = ? and d.callback = ? and d.operation = ? and p.url = ? and p.recipient = ?`,
  )
  const find = (key: IdempotencyKey): KeyedDelivery | undefined => {
    const { idempotencyKey, callback, operation, destination, recipient = '' } = key
    if (destination === '') return webhookMessages.find(callback, recipient, idempotencyKey)
    const row = keyed.get(idempotencyKey, callback, operation, destination, recipient)
    return row && { id: text(row.id), digest: text(row.digest), held: row.holders !== null }
  }
  const repeated = (id: string, row: NewDelivery, request: AddRequest): AddedDelivery => {
    if (row.webhook !== undefined) return webhookMessages.repeat(id, row, request)
    const { now, heldUntil } = request
    if (heldUntil === undefined && holding.release(id, row, now)) return { id, repeated: true, released: true }
    if (heldUntil !== undefined) holding.join(id)
    return { id, repeated: true }
  }
  return {
    find,
    add(request: AddRequest): AddResult {
      const { rows, now, heldUntil } = request
      const known = findKnown(rows, find)
      const conflict = findConflict(rows, known)
      if (conflict !== undefined) return conflict
      return {
        added: rows.map((row, at) => {
          const first = known[at]
          if (first !== undefined) return repeated(first.id, row, request)
          if (row.webhook !== undefined) return webhookMessages.add(row, request)
          return { id: row.id, repeated: !insert(row, now, heldUntil) }
        }),
      }
    },
  }
}

/** What a delivery is inserted with. */
export interface InsertParts {
  readonly places: Places
  readonly messages: Messages
  readonly queue: Queue
  readonly holding: Pick<Holding, 'hold'>
  readonly counts: Counts
}

/**
 * Inserts one delivery, either due as its row says or held. Returns false if its id already exists: that delivery
 * stays.
 */
export function createInsert(database: Connection, { places, messages, queue, holding, counts }: InsertParts) {
  const insert = database.prepare(
    `insert into ringback_delivery (number, message, destination, id, operation, callback, method, url, timeout_ms,
       idempotency_key, digest, ordering_key, destination_hash, created_at)
     select n, n, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? from (select ${nextNumber} as n)
     where true on conflict (id) do nothing`,
  )
  return (row: NewDelivery, now: number, heldUntil?: number): boolean => {
    const destination = places.enter(row)
    const { changes, lastInsertRowid } = insert.run(destination, ...deliveryValues(row), now)
    if (changes === 0) {
      places.countDown(destination)
      return false
    }
    const number = Number(lastInsertRowid)
    messages.add(number, row)
    if (heldUntil !== undefined) holding.hold(number)
    const { orderingKey, content, dueAt, delayMs = 0, expiresAt } = row
    const due = heldUntil === undefined ? row : { dueAt, delayMs: Math.max(delayMs, heldUntil - now) }
    const fresh = { bytes: content.length, token: 0, attemptCount: 0 }
    queue.add({ number, destination, orderingKey, expiresAt, ...fresh }, due, now)
    counts.change('scheduled', 1)
    return true
  }
}

function deliveryValues(row: NewDelivery): SQLInputValue[] {
  const { id, operation, callback, method, url, timeoutMs, destinationHash } = row
  const { idempotencyKey = null, digest = null, orderingKey = null } = row
  return [id, operation, callback, method, url, timeoutMs, idempotencyKey, digest, orderingKey, destinationHash]
}
