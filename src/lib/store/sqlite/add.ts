import type { SQLInputValue } from 'node:sqlite'
import type { AddedDelivery, AddRequest, AddResult, KeyedDelivery } from '../../delivery/delivery-store.ts'
import type { IdempotencyKey, NewDelivery } from '../../delivery/stored-delivery.ts'
import type { Connection } from './connection.ts'
import type { Holding } from './hold.ts'
import type { Places } from './place.ts'
import type { Schedule } from './schedule.ts'
import { text } from './values.ts'

/** Adding deliveries, and finding them by their idempotency keys. */
export function createAdd(database: Connection, insert: ReturnType<typeof createInsert>, holding: Holding) {
  const keyed = database.prepare(
    `select d.id, d.digest, d.holders from ringback_delivery d join ringback_destination p on p.number = d.destination
     where d.idempotency_key = ? and d.callback = ? and d.operation = ? and p.url = ? and p.recipient = ?`,
  )
  const find = (key: IdempotencyKey): KeyedDelivery | undefined => {
    const { idempotencyKey, callback, operation, destination, recipient = '' } = key
    const row = keyed.get(idempotencyKey, callback, operation, destination, recipient)
    return row && { id: text(row.id), digest: text(row.digest), held: Number(row.holders) > 0 }
  }
  const repeated = (id: string, dueAt: number, { now, heldUntil }: AddRequest): AddedDelivery => {
    if (heldUntil === undefined && holding.release(id, dueAt, now)) return { id, repeated: true, released: true }
    if (heldUntil !== undefined) holding.join(id)
    return { id, repeated: true }
  }
  return {
    find,
    add(request: AddRequest): AddResult {
      const { rows, now, heldUntil } = request
      const known = findKnown(rows, find)
      const index = rows.findIndex((row, at) => known[at] !== undefined && known[at].digest !== row.digest)
      if (index !== -1) return { conflict: { index, id: known[index]?.id ?? '' } }
      return {
        added: rows.map((row, at) => {
          const first = known[at]
          if (first !== undefined) return repeated(first.id, row.dueAt ?? now, request)
          return { id: row.id, repeated: !insert(row, now, heldUntil) }
        }),
      }
    },
  }
}

/** For each row the delivery that its key stands for, in the store or earlier among the rows. */
function findKnown(
  rows: readonly NewDelivery[],
  find: (key: IdempotencyKey) => KeyedDelivery | undefined,
): (KeyedDelivery | undefined)[] {
  const inRows = new Map<string, KeyedDelivery>()
  return rows.map(({ id, operation, callback, destination, recipient, idempotencyKey, digest = '' }) => {
    if (idempotencyKey === undefined) return undefined
    const key = JSON.stringify([idempotencyKey, destination, recipient, callback, operation])
    const known = inRows.get(key) ?? find({ operation, callback, destination, recipient, idempotencyKey })
    if (known === undefined) inRows.set(key, { id, digest, held: false })
    return known
  })
}

/** Inserts one delivery, due as its row says, or held; false where its id is there already: that one stands. */
export function createInsert(database: Connection, places: Places, schedule: Schedule) {
  const insertDelivery = database.prepare(
    `insert into ringback_delivery (destination, behind, due_at, id, operation, callback, method, url, idempotency_key,
       digest, ordering_key, destination_hash, created_at, holders, state)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'scheduled') on conflict (id) do nothing`,
  )
  const insertJob = database.prepare(
    `insert into ringback_job (delivery, headers, body, responses, retry_delays_seconds, timeout_ms,
       retry_on_invalid_response, has_on_response, trace_parent)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return (row: NewDelivery, now: number, heldUntil?: number): boolean => {
    const destination = places.enter(row)
    const behind = schedule.isBehind({ number: 0, destination, orderingKey: row.orderingKey })
    const dueAt = Math.max(row.dueAt ?? now, heldUntil ?? Number.NEGATIVE_INFINITY)
    const holders = heldUntil === undefined ? 0 : 1
    const inserted = insertDelivery.run(destination, behind ? 1 : 0, dueAt, ...deliveryValues(row), now, holders)
    if (inserted.changes === 0) {
      places.countDown(destination)
      return false
    }
    insertJob.run(inserted.lastInsertRowid, ...jobValues(row))
    if (!behind) places.bringForward(destination, dueAt, now)
    return true
  }
}

function deliveryValues(row: NewDelivery): SQLInputValue[] {
  const { id, operation, callback, method, url, idempotencyKey = null, digest = null, orderingKey = null } = row
  return [id, operation, callback, method, url, idempotencyKey, digest, orderingKey, row.destinationHash]
}

function jobValues(row: NewDelivery): SQLInputValue[] {
  return [
    row.headers ?? null,
    row.body ?? null,
    row.responses ?? null,
    JSON.stringify(row.retryDelaysSeconds),
    row.timeoutMs,
    row.retryOnInvalidResponse ? 1 : 0,
    row.hasOnResponse ? 1 : 0,
    row.traceParent ?? null,
  ]
}
