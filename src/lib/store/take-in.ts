import type { AddRequest } from '../delivery/delivery-store.ts'
import { deliveriesText } from './intake-text.ts'
import type { OperationAnswer, QueuedOperation } from './sqlite-batch.ts'

/**
 * One operation for a batch that only stores, or nothing where it does something else, or has to look: whether an
 * idempotency key is known is to be said at once.
 */
export function asTakeIn(batch: readonly QueuedOperation[]): QueuedOperation | undefined {
  const requests: AddRequest[] = []
  for (const { name, request } of batch) {
    if (name !== 'add') return undefined
    // The queue takes each name together with the request that belongs to it.
    const { rows, now } = request as AddRequest
    if (rows.some(({ idempotencyKey }) => idempotencyKey !== undefined)) return undefined
    requests.push({ rows, now })
  }
  const count = requests.reduce((sum, { rows }) => sum + rows.length, 0)
  const deadline = Math.min(...batch.map(operation => operation.deadline))
  return { name: 'takeIn', request: { deliveries: deliveriesText(requests), count }, deadline }
}

/** The answer to such a batch, as each of its operations gets it. */
export function answersToTakeIn(batch: readonly QueuedOperation[], answer: OperationAnswer): OperationAnswer[] {
  return batch.map(({ request }) => {
    if ('unavailable' in answer) return answer
    return { value: { added: (request as AddRequest).rows.map(({ id }) => ({ id, repeated: false })) } }
  })
}
