import { rmSync, statSync } from 'node:fs'
import { markDatabase } from '../../files/database-owner.ts'
import { linkedPath } from '../../files/linked-path.ts'
import { openDatabaseFile } from '../../files/open-database-file.ts'
import { FilesReplaced, type PreparedDatabase, prepareDatabase } from './batch.ts'
import { makeIncremental } from './make-incremental.ts'
import { refuseOlderProcesses, returnToLog } from './refuse-older-processes.ts'

/** SQLite's log, and the index through which processes share it. */
const logParts = ['-wal', '-shm']

const saveTries = 10
const saveWaitMs = 500

/** An open connection to a database file, and the identities of its files. */
export class OpenDatabase {
  readonly prepared: PreparedDatabase
  /** A warning for the log. */
  readonly warning: string | undefined
  readonly #path: string
  readonly #target: string
  readonly #file: string | undefined
  readonly #log: readonly (string | undefined)[]

  constructor(path: string, timeout: number) {
    this.#path = path
    this.#target = linkedPath(path)
    const database = openDatabaseFile(this.#target, timeout)
    try {
      refuseOlderProcesses(database)
      this.prepared = prepareDatabase(database, () => {
        if (this.filesAreReplaced()) throw new FilesReplaced()
      })
      this.warning = makeIncremental(database, this.#target)
      returnToLog(database)
      markDatabase(database)
    } catch (error) {
      database.close()
      throw error
    }
    this.#file = fileAt(path)
    this.#log = this.#logFiles()
  }

  /** Whether there is now another file, or none, at the path of this one. */
  isElsewhere(): boolean {
    return this.#file !== fileAt(this.#path)
  }

  /** Whether further commits would be written to files that nobody else finds. */
  filesAreReplaced(): boolean {
    return this.#logFiles().some((file, index) => file !== this.#log[index])
  }

  /**
   * Copies the log into the database, through the connection that still holds it. Other processes may hold it too and
   * do the same. Once it is empty, it cannot be taken for the log that is now in its place.
   */
  saveLog(): boolean {
    try {
      for (let tries = saveTries; tries > 0; tries--) if (this.emptyLog(saveWaitMs)) return true
    } catch {
      // Somebody else has begun a new log.
    }
    return false
  }

  /**
   * Copies the log into the database and empties it; false if somebody else reads or writes for longer than `waitMs`.
   */
  emptyLog(waitMs: number): boolean {
    const { database } = this.prepared
    database.exec(`pragma busy_timeout = ${waitMs}`)
    return database.prepare('pragma wal_checkpoint(truncate)').get()?.['busy'] === 0
  }

  /** Call this after the log was saved and the connection closed. */
  removeLog(): void {
    for (const part of logParts) rmSync(`${this.#target}${part}`, { force: true })
  }

  close(): void {
    this.prepared.database.close()
  }

  #logFiles(): (string | undefined)[] {
    return logParts.map(part => fileAt(`${this.#target}${part}`))
  }
}

/** The identity of the file at a path; undefined if there is none. */
function fileAt(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats && `${stats.dev} ${stats.ino}`
}
