import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'
import { configureConnection } from './configure-connection.ts'
import { databaseOwner } from './database-owner.ts'
import { makeDatabaseFile } from './make-database-file.ts'
import { nodeSqlite } from './node-sqlite.ts'
import { refuseIrregularStore } from './refuse-irregular.ts'
import { refuseLostDatabase } from './refuse-lost-database.ts'
import { refuseWritableDatabase } from './refuse-writable.ts'
import { makeStoreFolder } from './store-folder.ts'

/**
 * Opens the database of a store by its path without links, and makes it if there is none. Before anything is written,
 * it throws if the file is not a store's, was lost, or could have been changed by somebody else.
 */
export function openDatabaseFile(path: string, timeout: number): DatabaseSync {
  refuseIrregularStore(path)
  refuseLostDatabase(path)
  refuseWritableDatabase(path)
  makeStoreFolder(dirname(path))
  if (existsSync(path)) refuseForeignDatabase(path, timeout)
  else makeDatabaseFile(path)
  const database = new (nodeSqlite().DatabaseSync)(path, { timeout })
  try {
    configureConnection(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Refuses the database of another application, and leaves its journal mode alone. If there is a log, the database is
 * opened for reading only: a connection that may write would copy the log when it closes last.
 */
function refuseForeignDatabase(path: string, timeout: number): void {
  using database = new (nodeSqlite().DatabaseSync)(path, { timeout, readOnly: existsSync(`${path}-wal`) })
  if (databaseOwner(database) !== 'another') return
  throw new StoreUnavailableError(
    `"${path}" is the database of another application: it has none of Ringback's tables; give the store a file of its own, or make it with sqliteStore({ database }) to share this one`,
    { lasting: true },
  )
}
