import type { StoredReplay } from '../../delivery/delivery-store.ts'
import { optionalNumber, type Row, text } from './row.ts'

/** A replay from its columns. */
export function storedReplay(row: Row): StoredReplay {
  return {
    id: text(row.id),
    startedAt: Number(row.started_at),
    finishedAt: optionalNumber(row.finished_at),
    replayed: Number(row.replayed),
    withoutBytes: Number(row.without_bytes),
  }
}
