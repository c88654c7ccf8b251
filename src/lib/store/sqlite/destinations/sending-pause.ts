import type { PauseSendingRequest } from '../../../delivery/delivery-store.ts'
import type { Pause } from '../../../delivery/isolation/stored-destination.ts'
import { pauseOf } from '../../rows/stored-destination-row.ts'
import { type Connection, prepareValues } from '../connection.ts'

/** Pauses all sending. The engine's row exists by then: it is made when the store is first given a time. */
export function createSendingPause(database: Connection) {
  const hold = database.prepare('update ringback_engine set held_at = ?, held_reason = ?, held_by = ?')
  const read = database.prepare('select held_at, held_reason, held_by from ringback_engine')
  return {
    pauseSending({ pause, now }: PauseSendingRequest): void {
      hold.run(pause === undefined ? null : now, pause?.reason ?? null, pause?.by ?? null)
    },
    sendingPause: (): Pause | undefined => pauseOf(read.get() ?? {}),
  }
}

export function createIsPaused(database: Connection): () => boolean {
  const held = prepareValues(database, 'select held_at from ringback_engine')
  return () => typeof held.get()?.[0] === 'number'
}
