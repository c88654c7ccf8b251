import type { DatabaseSync } from 'node:sqlite'
import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import { tablesVersion, versionOf } from '../schema.ts'
import { isBusy } from './batch.ts'

/** Thrown if another process holds tables that still have to be brought to this release's version. */
export class OlderProcessError extends StoreUnavailableError {
  constructor(version: number) {
    super(
      `its tables are of version ${version} and another process, which may be of that release, holds them: end all processes that use the store, then start this one`,
      { lasting: true },
    )
  }
}

/**
 * Makes sure that tables of an earlier version are changed only while nobody else has the file open: a process of the
 * earlier release could do nothing more after that. A database leaves WAL mode only if no other connection to it is
 * open.
 */
export function refuseOlderProcesses(database: DatabaseSync): void {
  const version = versionOf(database)
  if (version === undefined || version >= tablesVersion) return
  try {
    database.exec('pragma busy_timeout = 0')
    const mode = database.prepare('pragma journal_mode = delete').get()?.['journal_mode']
    if (mode !== 'delete') throw new OlderProcessError(version)
  } catch (error) {
    throw isBusy(error) ? new OlderProcessError(version) : error
  }
}

/** Call this after the tables were made or changed. */
export function returnToLog(database: DatabaseSync): void {
  database.exec('pragma journal_mode = wal')
}
