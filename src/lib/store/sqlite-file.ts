import { closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  isBusy,
  type OperationAnswer,
  type PreparedDatabase,
  prepareDatabase,
  type QueuedOperation,
  reasonOf,
  runBatch,
} from './sqlite-batch.ts'
import { makeStoreFolder } from './store-folder.ts'

/**
 * A database file, opened when it is needed. After an error that is not just a lock it is closed and opened anew for the
 * next batch, so that a file that was full, moved or out of reach is picked up again.
 */
export class SqliteFile {
  readonly #path: string
  #prepared: PreparedDatabase | undefined

  constructor(path: string) {
    this.#path = path
  }

  run(batch: readonly QueuedOperation[]): OperationAnswer[] {
    try {
      this.#prepared ??= open(this.#path)
      const waitMs = Math.max(Math.min(...batch.map(({ deadline }) => deadline)) - Date.now(), 1)
      this.#prepared.database.exec(`pragma busy_timeout = ${waitMs}`)
      return runBatch(this.#prepared, batch)
    } catch (error) {
      if (!isBusy(error)) this.close()
      return batch.map(() => ({ unavailable: reasonOf(error) }))
    }
  }

  close(): void {
    const prepared = this.#prepared
    this.#prepared = undefined
    prepared?.database.close()
  }
}

const busyTimeoutMs = 5_000

function open(path: string): PreparedDatabase {
  makeStoreFolder(dirname(path))
  // Readable by its owner only; the files that SQLite puts beside it take the same mode.
  closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs })
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 1000')
    return prepareDatabase(database)
  } catch (error) {
    database.close()
    throw error
  }
}
