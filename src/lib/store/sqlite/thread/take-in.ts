import type { AddRequest } from '../../../delivery/delivery-store.ts'
import type { NewDelivery } from '../../../delivery/stored-delivery.ts'
import { deliveriesText } from '../intake-text.ts'
import type { OperationAnswer, QueuedOperation } from './batch.ts'

/** What is larger on an average gets its place at once: whoever empties the intake is to hold the lock for a moment only. */
const bytesPerDelivery = 4_096

/**
 * One operation for a batch that only stores, or nothing where it does something else, or has to look: whether an
 * idempotency key is known is to be said at once, and so is that something cannot be stored. What is held has its place at
 * once too: it will soon be asked for.
 */
export function asTakeIn(batch: readonly QueuedOperation[]): QueuedOperation | undefined {
  const requests: AddRequest[] = []
  for (const { name, request } of batch) {
    if (name !== 'add') return undefined
    // The queue takes each name together with the request that belongs to it.
    const { rows, now, heldUntil } = request as AddRequest
    if (heldUntil !== undefined) return undefined
    if (!rows.every(row => row.idempotencyKey === undefined && isStorable(row, now))) return undefined
    requests.push({ rows, now })
  }
  const rows = requests.flatMap(request => request.rows)
  const count = rows.length
  const bytes = rows.reduce((sum, { body, headers }) => sum + (body?.length ?? 0) + (headers?.length ?? 0), 0)
  if (count === 0 || bytes > count * bytesPerDelivery) return undefined
  const deadline = Math.min(...batch.map(operation => operation.deadline))
  return { name: 'takeIn', request: { deliveries: deliveriesText(requests), count }, deadline }
}

/** Whether the tables are sure to take a delivery: one that had no place later would keep all others in the intake. */
function isStorable(row: NewDelivery, now: number): boolean {
  const { id, operation, callback, method, url, destination, origin, destinationHash, timeoutMs, dueAt = now } = row
  const { recipient = '', responses = '', traceParent = '', orderingKey = '' } = row
  const texts = [id, operation, callback, method, url, destination, origin, destinationHash, recipient]
  return (
    [...texts, responses, traceParent, orderingKey].every(text => typeof text === 'string') &&
    [now, timeoutMs, dueAt].every(Number.isSafeInteger)
  )
}

/** The answer to such a batch, as each of its operations gets it. */
export function answersToTakeIn(batch: readonly QueuedOperation[], answer: OperationAnswer): OperationAnswer[] {
  return batch.map(({ request }) => {
    if ('unavailable' in answer) return answer
    return { value: { added: (request as AddRequest).rows.map(({ id }) => ({ id, repeated: false })) } }
  })
}
