import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import { lackOfRoom, roomToVacuum, vacuumNeeds } from '../../files/room-to-vacuum.ts'
import { isBusy, reasonOf } from '../thread/batch.ts'

/** The size of a database with its log before and after, in bytes. */
export interface Compacted {
  readonly beforeBytes: number
  readonly afterBytes: number
  /** Whether somebody still reads the log. The rest of the room is freed after that. */
  readonly isRead: boolean
}

const tryAgainMs = 50

/**
 * Rewrites a database without its free pages, and gives their room back to the file system. Nobody else can write
 * meanwhile. Waits at most `waitMs` for the lock, and as long for readers. Throws `StoreUnavailableError` if the lock
 * cannot be had or the disk has too little room.
 */
export async function compactDatabase(database: DatabaseSync, path: string, waitMs: number): Promise<Compacted> {
  const beforeBytes = sizeOf(path)
  const lack = lackOfRoom(vacuumNeeds(database), roomToVacuum(path))
  if (lack !== undefined) throw new StoreUnavailableError(lack)
  try {
    database.exec(`pragma busy_timeout = ${waitMs}; pragma auto_vacuum = incremental; vacuum`)
  } catch (error) {
    const reason = isBusy(error)
      ? `another process held its lock for more than ${waitMs / 1000} s; try again when less is going on`
      : reasonOf(error)
    throw new StoreUnavailableError(reason, { cause: error })
  }
  const isRead = !(await emptiesLog(database, waitMs))
  return { beforeBytes, afterBytes: sizeOf(path), isRead }
}

async function emptiesLog(database: DatabaseSync, waitMs: number): Promise<boolean> {
  database.exec('pragma busy_timeout = 0')
  const checkpoint = database.prepare('pragma wal_checkpoint(truncate)')
  for (const until = performance.now() + waitMs; performance.now() < until; await delay(tryAgainMs))
    if (checkpoint.get()?.['busy'] === 0) return true
  return false
}

function sizeOf(path: string): number {
  return ['', '-wal'].reduce((sum, part) => sum + (statSync(path + part, { throwIfNoEntry: false })?.size ?? 0), 0)
}
