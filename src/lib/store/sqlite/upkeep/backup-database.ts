import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, lstatSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import { text } from '../../rows/row.ts'
import { reasonOf } from '../thread/batch.ts'

/** A copy of a database. */
export interface Backup {
  readonly bytes: number
  /** The ids of the master secrets that the copy was used with, which are not in it. */
  readonly masterSecretIds: readonly string[]
}

/** All pages in one step: in steps it would begin anew whenever somebody writes. Who writes is not held up by it. */
const allPages = 2 ** 31 - 1

/**
 * Copies a database as it stands at one moment to a new file, which only its owner can read, while others use it. The file
 * appears complete or not at all. Throws `StoreUnavailableError` where something stands at `target`, or it cannot be written.
 */
export async function backupDatabase(database: DatabaseSync, target: string): Promise<Backup> {
  refuseExisting(target)
  const draft = `${target}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    closeSync(openSync(draft, 'wx', 0o600))
    await backup(database, draft, { rate: allPages })
    const masterSecretIds = finishCopy(draft)
    linkSync(draft, target)
    syncFolder(dirname(target))
    return { bytes: statSync(target).size, masterSecretIds }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') refuseExisting(target)
    throw error instanceof StoreUnavailableError ? error : new StoreUnavailableError(reasonOf(error), { cause: error })
  } finally {
    for (const part of ['', '-journal', '-wal', '-shm']) rmSync(draft + part, { force: true })
  }
}

function refuseExisting(target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false }) === undefined) return
  throw new StoreUnavailableError('something is already there; give the name of a new file')
}

/** Makes the copy one file without a log, and gives the ids of the master secrets it knows. */
function finishCopy(draft: string): string[] {
  using copy = new DatabaseSync(draft)
  copy.exec('pragma journal_mode = delete')
  const ids = copy.prepare('select id from ringback_key order by id').all()
  return ids.map(({ id }) => text(id))
}

/** So that its name outlives a crash of the machine as its bytes do. */
function syncFolder(folder: string): void {
  const file = openSync(folder, 'r')
  try {
    fsyncSync(file)
  } catch {
    // Windows does not sync folders.
  } finally {
    closeSync(file)
  }
}
