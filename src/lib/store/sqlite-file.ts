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
  /** Those that the connection has been told last. */
  #pragmas = ''

  constructor(path: string) {
    this.#path = path
  }

  run(batch: readonly QueuedOperation[]): OperationAnswer[] {
    const deadline = Math.min(...batch.map(operation => operation.deadline))
    try {
      this.#prepared ??= openUntil(this.#path, deadline)
      this.#tell(
        this.#prepared.database,
        `pragma busy_timeout = ${busyTimeoutMs(deadline)}; pragma wal_autocheckpoint = ${pagesToCheckpoint(batch)}`,
      )
      return runBatch(this.#prepared, batch)
    } catch (error) {
      if (!isBusy(error)) this.close()
      return batch.map(() => ({ unavailable: reasonOf(error) }))
    }
  }

  #tell(database: DatabaseSync, pragmas: string): void {
    if (pragmas === this.#pragmas) return
    database.exec(pragmas)
    this.#pragmas = pragmas
  }

  close(): void {
    const prepared = this.#prepared
    this.#prepared = undefined
    this.#pragmas = ''
    prepared?.database.close()
  }
}

/** In steps, so that it seldom has to be told anew. */
function busyTimeoutMs(deadline: number): number {
  return Math.max(Math.ceil((deadline - Date.now()) / 100), 1) * 100
}

/** Who only stores leaves the copying of pages from the log to those who write most of them, while there are any. */
function pagesToCheckpoint(batch: readonly QueuedOperation[]): number {
  return batch.every(({ name }) => name === 'takeIn') ? 10_000 : 4_000
}

const tryAgainMs = 5

/** Changing to WAL mode does not wait for a lock of itself: two processes that open a new file at once would meet there. */
function openUntil(path: string, deadline: number): PreparedDatabase {
  for (;;) {
    try {
      return open(path, Math.max(deadline - Date.now(), 1))
    } catch (error) {
      if (!isBusy(error) || Date.now() >= deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, tryAgainMs)
    }
  }
}

function open(path: string, timeout: number): PreparedDatabase {
  makeStoreFolder(dirname(path))
  // Readable by its owner only; the files that SQLite puts beside it take the same mode.
  closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { timeout })
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = full')
    return prepareDatabase(database)
  } catch (error) {
    database.close()
    throw error
  }
}
