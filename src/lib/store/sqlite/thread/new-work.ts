import type { AddRequest, ContinueReplaysRequest, ReplayRequest } from '../../../delivery/delivery-store.ts'
import type { QueuedOperation } from '../../queue/queued-operation.ts'

/** What a row takes beside its texts and bytes, with its places in the indexes. */
const bytesPerRow = 2_048

/** The bytes that an operation stores as new work; undefined for what only goes on with what is there. */
export function newWorkBytes({ name, request }: QueuedOperation): number | undefined {
  // The queue takes each name together with the request that belongs to it.
  if (name === 'replay') return (request as ReplayRequest).newId === undefined ? undefined : bytesPerRow
  if (name === 'continueReplays') return (request as ContinueReplaysRequest).newIds.length * bytesPerRow
  if (name !== 'add') return undefined
  return (request as AddRequest).rows.reduce(
    (sum, { content, url }) => sum + bytesPerRow + url.length * 2 + content.length,
    0,
  )
}
