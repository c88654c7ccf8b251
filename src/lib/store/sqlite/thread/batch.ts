import type { DatabaseSync } from 'node:sqlite'
import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import type { OperationAnswer, OperationName, QueuedOperation } from '../../queue/queued-operation.ts'
import { plainConnection } from '../connection.ts'
import { createOperations, type PreparedOperations } from '../operations.ts'
import { createVersionCheck, makeTables } from '../schema.ts'
import { createTransact, type Transact } from '../transact.ts'

/** A connection, and what is prepared on it. */
export interface PreparedDatabase extends PreparedOperations {
  readonly database: DatabaseSync
  readonly transact: Transact
  /** Throws, within a transaction, if it must not go on. */
  readonly check: () => void
}

/** Makes the tables if they are missing or old, and prepares the operations. */
export function prepareDatabase(database: DatabaseSync, checkFile = () => {}): PreparedDatabase {
  const connection = plainConnection(database)
  createTransact(connection)(() => makeTables(connection))
  const checkVersion = createVersionCheck(connection)
  const check = () => {
    checkFile()
    checkVersion()
  }
  return { database, transact: createTransact(connection, check), check, ...createOperations(connection) }
}

/** Thrown if a connection must not be used any longer, because its files are no longer those that others see. */
export class FilesReplaced extends Error {}

const tooLate = { unavailable: 'it did not get to this within the time limit' }

/**
 * Does operations in one transaction, in their order. If one of them fails, each gets a transaction of its own. Throws
 * if the lock cannot be had or the whole database is refused; then nothing was done.
 */
export function runBatch(prepared: PreparedDatabase, batch: readonly QueuedOperation[]): OperationAnswer[] {
  try {
    return commit(prepared, batch)
  } catch (error) {
    if (isBusy(error) || error instanceof FilesReplaced || error instanceof StoreUnavailableError) throw error
    return batch.map(operation => runAlone(prepared, operation))
  }
}

function runAlone(prepared: PreparedDatabase, operation: QueuedOperation): OperationAnswer {
  try {
    return commit(prepared, [operation])[0] ?? tooLate
  } catch (error) {
    return { unavailable: reasonOf(error) }
  }
}

function commit(prepared: PreparedDatabase, batch: readonly QueuedOperation[]): OperationAnswer[] {
  const { transact, counts } = prepared
  try {
    return transact(() => {
      const answers = batch.map(operation => runOne(prepared, operation))
      counts.write()
      return answers
    })
  } catch (error) {
    counts.forget()
    throw error
  }
}

function runOne({ operations }: PreparedDatabase, { name, request, deadline }: QueuedOperation): OperationAnswer {
  if (Date.now() > deadline) return tooLate
  // The queue pairs each name with the request that belongs to it.
  const operation = operations[name as OperationName] as (request: unknown) => unknown
  return { value: operation(request) }
}

/**
 * The answers to a batch. `run` does everything except a wipe, and `wipe` does that afterwards, because the log cannot
 * be emptied within a transaction.
 */
export function runThenWipe(
  batch: readonly QueuedOperation[],
  run: (others: readonly QueuedOperation[]) => readonly OperationAnswer[],
  wipe: () => boolean,
): OperationAnswer[] {
  const others = batch.filter(({ name }) => name !== 'wipe')
  const answers = others.length > 0 ? [...run(others)] : []
  if (others.length === batch.length) return answers
  const wiped = { value: wipe() }
  return batch.map(({ name }) => (name === 'wipe' ? wiped : answers.shift()!))
}

/** The primary result codes of SQLite, in words for the operator. */
const reasons: Readonly<Record<number, string>> = {
  5: 'another process holds the lock of the database',
  6: 'another connection holds the lock of a table',
  8: 'the database file cannot be written',
  10: 'the disk reports an error',
  11: 'the database file is damaged',
  13: 'the disk is full',
  14: 'the database file cannot be opened',
  26: 'the file is not a database',
}

/** The answer to everything that was not done because the database refused. */
export function unavailable(error: unknown): { readonly unavailable: string; readonly lasting: boolean } {
  return { unavailable: reasonOf(error), lasting: isLasting(error) }
}

/** Errors that pass by themselves: a lock, a disk error, a full disk, too many open files. */
const passing = new Set<unknown>([5, 6, 10, 13, 'EIO', 'ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'])

function isLasting(error: unknown): boolean {
  if (error instanceof StoreUnavailableError) return error.lasting
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return !passing.has(resultCode(error) ?? code)
}

export function isBusy(error: unknown): boolean {
  const code = resultCode(error)
  return code === 5 || code === 6
}

/** Whether an operation was not done because the disk is full. */
export function isFull(answer: OperationAnswer): boolean {
  return 'unavailable' in answer && answer.unavailable === reasons[13]
}

/** Why the database could not do something. A failure that is not SQLite's own keeps its own text. */
export function reasonOf(error: unknown): string {
  if (error instanceof StoreUnavailableError) return error.reason
  const code = resultCode(error)
  return (code === undefined ? undefined : reasons[code]) ?? (error instanceof Error ? error.message : String(error))
}

function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined
}
