import type { DeliveryStore } from '../../../delivery/delivery-store.ts'
import { NotInTransactionError } from '../../../delivery/not-in-transaction-error.ts'
import { consoleLog, type Log } from '../../../log/log.ts'
import { queuedStore } from '../../queue/queued-store.ts'
import type { SqliteStoreLimits } from '../sqlite-store-limits.ts'
import { SqliteThreadClient } from './thread-client.ts'

/** What belongs to a store in a file. */
export interface FileOptions {
  /**
   * The bytes that the database may hold; new work beyond is refused with `StoreUnavailableError`, while what is stored goes
   * on. Freed pages do not count. The log is warned at 80 %. Default: none; the log is warned when the file system has less
   * than 10 % or 1 GiB left. With or without, new work is refused before the disk is full: 8 MiB of it are kept in a file
   * beside the database for what goes on.
   */
  readonly storeLimitBytes?: number
  /** Default: the console. */
  readonly log?: Log
}

/** A store in the file at an absolute path, in a thread of its own; `program` is what that runs. */
export function threadStore(path: string, options: SqliteStoreLimits & FileOptions, program?: URL): DeliveryStore {
  const { storeLimitBytes: limitBytes, log = consoleLog } = options
  if (limitBytes !== undefined && !(Number.isSafeInteger(limitBytes) && limitBytes > 0))
    throw new RangeError(`"storeLimitBytes" is ${limitBytes}; give a whole number of bytes above 0`)
  const thread = new SqliteThreadClient({ path, limitBytes, warn: message => log.warn(message) }, program)
  return queuedStore(
    {
      location: path,
      commit: batch => thread.commit(batch),
      inTransaction: { add: refuseTransaction, useKeys: refuseTransaction },
      close: limitMs => thread.close(limitMs),
    },
    options,
  )
}

async function refuseTransaction(): Promise<never> {
  throw new NotInTransactionError('the store has a connection of its own; make it with sqliteStore({ database })')
}
