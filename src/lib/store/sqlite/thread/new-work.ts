import type { AddRequest, ContinueReplaysRequest, ReplayRequest } from '../../../delivery/delivery-store.ts'
import type { QueuedOperation } from '../../queue/queued-operation.ts'

/** What a row takes beside its texts and bytes, including its entries in the indexes. */
const bytesPerRow = 2_048

/** The bytes that an operation adds as new work; undefined if it only continues with stored deliveries. */
export function newWorkBytes({ name, request }: QueuedOperation): number | undefined {
  // The queue pairs each name with the request that belongs to it.
  if (name === 'replay') return (request as ReplayRequest).newId === undefined ? undefined : bytesPerRow
  if (name === 'continueReplays') return (request as ContinueReplaysRequest).newIds.length * bytesPerRow
  if (name !== 'add') return undefined
  return (request as AddRequest).rows.reduce(
    (sum, { content, url }) => sum + bytesPerRow + url.length * 2 + content.length,
    0,
  )
}
