import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, lstatSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import { nodeSqlite } from '../../files/node-sqlite.ts'
import { text } from '../../rows/row.ts'
import { reasonOf } from '../thread/batch.ts'

/** A copy of a database. */
export interface Backup {
  readonly bytes: number
  /** The ids of the master secrets that the copied store was used with. The secrets themselves are not in the copy. */
  readonly masterSecretIds: readonly string[]
}

/**
 * Copies all pages in one step: copying in several steps would begin again whenever somebody writes. Writers are not
 * held up.
 */
const allPages = 2 ** 31 - 1

/**
 * Copies a database, as it is at one moment, to a new file that only its owner can read, while others use the database.
 * The file appears complete or not at all. Throws `StoreUnavailableError` if something exists at `target`, or if it
 * cannot be written.
 */
export async function backupDatabase(database: DatabaseSync, target: string): Promise<Backup> {
  refuseExisting(target)
  const draft = `${target}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    closeSync(openSync(draft, 'wx', 0o600))
    await nodeSqlite().backup(database, draft, { rate: allPages })
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

/** Makes the copy a single file without a log, and returns the ids of the master secrets in it. */
function finishCopy(draft: string): string[] {
  using copy = new (nodeSqlite().DatabaseSync)(draft)
  copy.exec('pragma journal_mode = delete')
  const ids = copy.prepare('select id from ringback_key order by id').all()
  return ids.map(({ id }) => text(id))
}

/** Syncs the folder, so that the name of the file survives a crash of the machine as its bytes do. */
function syncFolder(folder: string): void {
  const file = openSync(folder, 'r')
  try {
    fsyncSync(file)
  } catch {
    // Windows cannot sync folders.
  } finally {
    closeSync(file)
  }
}
