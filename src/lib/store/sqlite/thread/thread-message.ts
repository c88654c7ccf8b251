import { ownBytes } from '../../../delivery/attempt/own-bytes.ts'
import type { AddRequest } from '../../../delivery/delivery-store.ts'
import type { QueuedOperation } from './batch.ts'

/** The operation as it crosses to the thread: bytes that are a part of a larger block would take all of it with them. */
export function withOwnBytes(operation: QueuedOperation): QueuedOperation {
  if (operation.name !== 'add') return operation
  // The queue takes each name together with the request that belongs to it.
  const request = operation.request as AddRequest
  const rows = request.rows.map(row => ({ ...row, content: ownBytes(row.content) }))
  return { ...operation, request: { ...request, rows } }
}
