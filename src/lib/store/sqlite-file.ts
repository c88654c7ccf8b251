import { closeSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { newWorkBytes } from './new-work.ts'
import { refuseIrregularStore } from './refuse-irregular.ts'
import {
  isBusy,
  isFull,
  type OperationAnswer,
  type PreparedDatabase,
  prepareDatabase,
  type QueuedOperation,
  reasonOf,
  runBatch,
} from './sqlite-batch.ts'
import { makeStoreFolder } from './store-folder.ts'
import { StoreSpace, type StoreSpaceOptions } from './store-space.ts'

/**
 * A database file, opened when it is needed. After an error that is not just a lock it is closed and opened anew for the
 * next batch, so that a file that was full or out of reach is picked up again. A file that was removed or replaced is left
 * at once: what is stored there nobody else would see.
 */
export class SqliteFile {
  readonly #path: string
  readonly #space: StoreSpace
  #prepared: PreparedDatabase | undefined
  /** The file that is open. */
  #file: string | undefined
  /** Those that the connection has been told last. */
  #pragmas = ''

  constructor(options: StoreSpaceOptions) {
    this.#path = options.path
    this.#space = new StoreSpace(options)
  }

  run(batch: readonly QueuedOperation[]): OperationAnswer[] {
    const answers = this.#run(batch)
    // What only goes on with what is there gets the room that was kept for it.
    const isLeft = (at: number) => isFull(answers[at]!) && newWorkBytes(batch[at]!) === undefined
    const left = [...batch.keys()].filter(isLeft)
    if (left.length === 0 || !this.#space.release()) return answers
    const again = this.#run(left.map(at => batch[at]!))
    for (const [index, at] of left.entries()) answers[at] = again[index]!
    return answers
  }

  #run(batch: readonly QueuedOperation[]): OperationAnswer[] {
    const deadline = Math.min(...batch.map(operation => operation.deadline))
    try {
      const prepared = this.#open(deadline)
      this.#tell(
        prepared.database,
        `pragma busy_timeout = ${busyTimeoutMs(deadline)}; pragma wal_autocheckpoint = ${this.#space.isTight ? pagesWhenTight : pagesToCheckpoint(batch)}`,
      )
      return this.#runAllowed(prepared, batch)
    } catch (error) {
      if (!isBusy(error)) this.close()
      return batch.map(() => ({ unavailable: reasonOf(error) }))
    }
  }

  /** New work may be refused for want of room; all else is done. */
  #runAllowed(prepared: PreparedDatabase, batch: readonly QueuedOperation[]): OperationAnswer[] {
    const bytes = batch.map(newWorkBytes)
    const sum = bytes.reduce<number>((total, of = 0) => total + of, 0)
    const refusal = sum === 0 ? undefined : this.#space.refusal(prepared.database, sum)
    if (refusal === undefined) return runBatch(prepared, batch)
    const others = batch.filter((_, at) => bytes[at] === undefined)
    const answers = others.length === 0 ? [] : runBatch(prepared, others)
    return bytes.map(of => (of === undefined ? answers.shift()! : { unavailable: refusal }))
  }

  #open(deadline: number): PreparedDatabase {
    if (this.#prepared !== undefined && this.#file !== fileAt(this.#path)) this.close()
    this.#prepared ??= openUntil(this.#path, deadline)
    this.#file ??= fileAt(this.#path)
    return this.#prepared
  }

  #tell(database: DatabaseSync, pragmas: string): void {
    if (pragmas === this.#pragmas) return
    database.exec(pragmas)
    this.#pragmas = pragmas
  }

  close(): void {
    const prepared = this.#prepared
    this.#prepared = undefined
    this.#file = undefined
    this.#pragmas = ''
    prepared?.database.close()
  }
}

/** Which file stands at a path; undefined where there is none. */
function fileAt(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats && `${stats.dev} ${stats.ino}`
}

/** In steps, so that it seldom has to be told anew. */
function busyTimeoutMs(deadline: number): number {
  return Math.max(Math.ceil((deadline - Date.now()) / 100), 1) * 100
}

/**
 * The pages that gather in the log before they are copied: more than SQLite's usual 1,000, since a page that was written
 * several times meanwhile is copied once. Who only stores leaves that to those who write most of them, while there are any.
 */
function pagesToCheckpoint(batch: readonly QueuedOperation[]): number {
  return batch.every(({ name }) => name === 'takeIn') ? 10_000 : 4_000
}

const pagesWhenTight = 100

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
  refuseIrregularStore(path)
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
