import type { KeyedDelivery } from '../../delivery/delivery-store.ts'
import type { IdempotencyKey, NewDelivery } from '../../delivery/stored-delivery.ts'

/** Finds the delivery that a key stands for. */
export type FindKeyed = (key: IdempotencyKey) => KeyedDelivery | undefined

/** For each row the delivery that its key stands for, in the store or earlier among the rows. */
export function findKnown(rows: readonly NewDelivery[], find: FindKeyed): (KeyedDelivery | undefined)[] {
  const inRows = new Map<string, KeyedDelivery>()
  return rows.map(({ id, operation, callback, destination, recipient, idempotencyKey, digest = '' }) => {
    if (idempotencyKey === undefined) return undefined
    const key = keyText({ operation, callback, destination, recipient, idempotencyKey })
    const known = inRows.get(key) ?? find({ operation, callback, destination, recipient, idempotencyKey })
    if (known === undefined) inRows.set(key, { id, digest, held: false })
    return known
  })
}

/** The first row whose key stands for other bytes, and what it stands for. */
export function findConflict(rows: readonly NewDelivery[], known: readonly (KeyedDelivery | undefined)[]) {
  const index = rows.findIndex((row, at) => known[at] !== undefined && known[at].digest !== row.digest)
  return index === -1 ? undefined : { conflict: { index, id: known[index]?.id ?? '' } }
}

/** A text that two keys have only if they are the same. */
export function keyText({ idempotencyKey, destination, recipient, callback, operation }: IdempotencyKey): string {
  return JSON.stringify([idempotencyKey, destination, recipient, callback, operation])
}
