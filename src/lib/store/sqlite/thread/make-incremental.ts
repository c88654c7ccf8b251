import type { DatabaseSync } from 'node:sqlite'
import { lackOfRoom, roomToVacuum, vacuumNeeds } from '../../files/room-to-vacuum.ts'
import { reasonOf } from './batch.ts'

/** The value of `pragma auto_vacuum`. */
const incremental = 2

/**
 * Changes a file of an earlier release so that it can give room back, and overwrites what was removed in it before.
 * This is done once, while nobody else has the file open. Returns, in words, why it could not be done; the file is then
 * unchanged, and the next start tries again. The caller switches back to WAL mode.
 */
export function makeIncremental(database: DatabaseSync, path: string, roomAt = roomToVacuum): string | undefined {
  if (database.prepare('pragma auto_vacuum').get()?.['auto_vacuum'] === incremental || !leavesLog(database))
    return undefined
  const lack = lackOfRoom(vacuumNeeds(database), roomAt(path))
  try {
    if (lack === undefined) {
      database.exec('pragma auto_vacuum = incremental; vacuum')
      return undefined
    }
    return unchanged(lack, path)
  } catch (error) {
    return unchanged(reasonOf(error), path)
  }
}

/** A database leaves WAL mode only if no other connection to it is open. */
function leavesLog(database: DatabaseSync): boolean {
  try {
    return database.prepare('pragma journal_mode = delete').get()?.['journal_mode'] === 'delete'
  } catch {
    return false
  }
}

function unchanged(reason: string, path: string): string {
  return `The delivery store could not be compacted: ${reason}. It works as before, but gives no room back, and what was removed by an earlier release may still be legible in it. Make room and start again, or run "ringback deliveries compact": ${path}`
}
