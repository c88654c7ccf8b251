import type { DeliveryStore } from '../../../delivery/delivery-store.ts'
import { NotInTransactionError } from '../../../delivery/not-in-transaction-error.ts'
import { consoleLog, type Log } from '../../../log/log.ts'
import { queuedStore } from '../../queue/queued-store.ts'
import type { SqliteStoreLimits } from '../sqlite-store-limits.ts'
import { SqliteThreadClient } from './thread-client.ts'

/** Options of a store in a file. */
export interface FileOptions {
  /**
   * How many bytes the database may hold. Beyond that, new work is refused with `StoreUnavailableError`, while what is
   * stored is still sent. Free pages do not count. The log has a warning at 80 %. Default: no limit; the log has a
   * warning when the file system has less than 10 % or 1 GiB left. In both cases new work is refused before the disk is
   * full: 8 MiB are reserved, in a file beside the database, for work that continues.
   */
  readonly storeLimitBytes?: number
  /** Default: the console. */
  readonly log?: Log
}

/** A store in the file at an absolute path, with a thread of its own that runs `program`. */
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
