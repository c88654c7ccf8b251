import { linkedPath } from '../../files/linked-path.ts'
import { networkWarning } from '../../files/network-file-system.ts'
import { writableStoreFolders } from '../../files/refuse-writable.ts'
import { StoreSpace, type StoreSpaceOptions } from '../../files/store-space.ts'
import type { OperationAnswer, QueuedOperation } from '../../queue/queued-operation.ts'
import { FilesReplaced, isBusy, isFull, runBatch, runThenWipe, unavailable } from './batch.ts'
import { newWorkBytes } from './new-work.ts'
import { OpenDatabase } from './open-database.ts'
import { OlderProcessError } from './refuse-older-processes.ts'
import { Wiping } from './wiping.ts'

/**
 * A database file, opened when it is needed. After an error other than a lock it is closed, and opened again for the
 * next batch, so that the store recovers when the disk is no longer full or the file can be reached again. A file that
 * was removed or replaced is closed at once, because nobody else would see what is stored in it. If its log was removed
 * or replaced, what is in the log is saved first.
 */
export class SqliteFile {
  readonly #options: StoreSpaceOptions
  readonly #space: StoreSpace
  #open: OpenDatabase | undefined
  /** The pragmas that were last set on the connection. */
  #pragmas = ''
  /** The warnings that were already logged. */
  readonly #warned = new Set<string>()
  readonly #wiping = new Wiping(() => this.#wipe())

  constructor(options: StoreSpaceOptions) {
    this.#options = options
    this.#space = new StoreSpace(options)
  }

  /** Throws if something was committed that may be lost. */
  run(batch: readonly QueuedOperation[]): OperationAnswer[] {
    const answers = runThenWipe(
      batch,
      others => this.#runWithReserve(others),
      () => this.#wiping.now(),
    )
    this.#wiping.after(batch)
    return answers
  }

  #runWithReserve(batch: readonly QueuedOperation[]): OperationAnswer[] {
    const answers = this.#run(batch)
    // Work that only continues with stored deliveries may use the reserved room.
    const isLeft = (at: number) => isFull(answers[at]!) && newWorkBytes(batch[at]!) === undefined
    const left = [...batch.keys()].filter(isLeft)
    if (left.length === 0 || !this.#space.release()) return answers
    const again = this.#run(left.map(at => batch[at]!))
    for (const [index, at] of left.entries()) answers[at] = again[index]!
    return answers
  }

  #run(batch: readonly QueuedOperation[], tries = 2): OperationAnswer[] {
    let answers: OperationAnswer[]
    try {
      answers = this.#runAllowed(this.#opened(batch), batch)
    } catch (error) {
      if (error instanceof FilesReplaced && tries > 1) {
        this.#leave()
        return this.#run(batch, tries - 1)
      }
      if (!isBusy(error)) this.close()
      const answer = this.#unavailable(error)
      return batch.map(() => answer)
    }
    // The log was removed just now: what was committed to it would be lost with this process.
    if (this.#open?.filesAreReplaced() && !this.#leave())
      throw new Error('the log of the database was removed, and what is in it could not be saved')
    return answers
  }

  /** Removes from the log what was deleted in the database; false if that has to be tried again. */
  #wipe(): boolean {
    this.#pragmas = ''
    try {
      this.#open ??= this.#openUntil(Date.now() + wipeWaitMs)
      return !this.#open.filesAreReplaced() && this.#open.emptyLog(wipeWaitMs)
    } catch (error) {
      if (!isBusy(error)) this.close()
      return false
    }
  }

  /** If somebody has to fix the problem, the answer names the file. */
  #unavailable(error: unknown): OperationAnswer {
    const { unavailable: reason, lasting } = unavailable(error)
    const { path } = this.#options
    return { unavailable: lasting && !reason.includes(path) ? `${reason}: "${path}"` : reason, lasting }
  }

  /** New work may be refused for lack of room; everything else is done. */
  #runAllowed({ prepared }: OpenDatabase, batch: readonly QueuedOperation[]): OperationAnswer[] {
    const bytes = batch.map(newWorkBytes)
    const sum = bytes.reduce<number>((total, of = 0) => total + of, 0)
    const refusal = sum === 0 ? undefined : this.#space.refusal(prepared.database, sum)
    if (refusal === undefined) return runBatch(prepared, batch)
    const others = batch.filter((_, at) => bytes[at] === undefined)
    const answers = others.length === 0 ? [] : runBatch(prepared, others)
    return bytes.map(of => (of === undefined ? answers.shift()! : { unavailable: refusal }))
  }

  /** The open database, with its pragmas set for this batch. */
  #opened(batch: readonly QueuedOperation[]): OpenDatabase {
    const deadline = Math.min(...batch.map(operation => operation.deadline))
    if (this.#open?.isElsewhere()) this.#leaveMoved(this.#open)
    this.#open ??= this.#openUntil(deadline)
    const pages = this.#space.isTight ? pagesWhenTight : pagesToCheckpoint(batch)
    const pragmas = `pragma busy_timeout = ${busyTimeoutMs(deadline)}; pragma wal_autocheckpoint = ${pages}`
    if (pragmas !== this.#pragmas) this.#open.prepared.database.exec(pragmas)
    this.#pragmas = pragmas
    return this.#open
  }

  /**
   * Tries again while the file is locked: changing to WAL mode does not wait for a lock by itself, so two processes
   * that open a new file at the same time would collide.
   */
  #openUntil(deadline: number): OpenDatabase {
    const { path } = this.#options
    const olderUntil = Date.now() + olderWaitMs
    for (;;) {
      try {
        const open = new OpenDatabase(path, Math.max(deadline - Date.now(), 1))
        for (const warning of [writableStoreFolders(path), networkWarning(linkedPath(path)), open.warning])
          this.#warnOnce(warning)
        this.#wiping.later()
        return open
      } catch (error) {
        const until = error instanceof OlderProcessError ? Math.min(olderUntil, deadline) : deadline
        if (!(isBusy(error) || error instanceof OlderProcessError) || Date.now() >= until) throw error
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, tryAgainMs)
      }
    }
  }

  /** Closes a database whose log was removed; false if what is in the log could not be saved. */
  #leave(): boolean {
    const saved = this.#open?.saveLog() ?? false
    this.close()
    this.#options.warn(
      `The log of the delivery store (its "-wal" or "-shm" file) was removed or replaced while it was in use; ${
        saved ? 'what was in it is saved' : 'what was in it could not be saved by this process'
      }: ${this.#options.path}`,
    )
    return saved
  }

  /**
   * Closes a database that was moved away. Saves and removes its log, which the next database must not take for its
   * own.
   */
  #leaveMoved(moved: OpenDatabase): void {
    const takeLogAway = moved.saveLog() && !moved.filesAreReplaced()
    this.close()
    if (takeLogAway) moved.removeLog()
    this.#options.warn(
      `The database of the delivery store was removed or replaced while it was in use; from now on the file that is there now is used: ${this.#options.path}`,
    )
  }

  #warnOnce(warning: string | undefined): void {
    if (warning !== undefined && !this.#warned.has(warning)) this.#options.warn(warning)
    if (warning !== undefined) this.#warned.add(warning)
  }

  close(): void {
    const open = this.#open
    this.#open = undefined
    this.#pragmas = ''
    this.#wiping.stop()
    open?.close()
  }
}

/** Rounded up, so that it seldom has to be set again. */
function busyTimeoutMs(deadline: number): number {
  return Math.max(Math.ceil((deadline - Date.now()) / 100), 1) * 100
}

/**
 * How many pages gather in the log before they are copied: more than SQLite's usual 1,000, because a page that was
 * written several times meanwhile is copied only once. A process that only stores leaves the copying to those that
 * write most pages, if there are any.
 */
function pagesToCheckpoint(batch: readonly QueuedOperation[]): number {
  return batch.every(({ name }) => name === 'add') ? 10_000 : 4_000
}

const pagesWhenTight = 100

/** Short, because nobody else can write while this waits for readers. */
const wipeWaitMs = 50

const tryAgainMs = 5
/** By then another process of this release that is opening the file at the same time has changed the tables. */
const olderWaitMs = 1_000
