import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { NotInTransactionError } from '../delivery/not-in-transaction-error.ts'
import { queuedStore } from './queued-store.ts'
import type { SqliteStoreLimits } from './sqlite-store-limits.ts'
import { SqliteThreadClient } from './sqlite-thread-client.ts'

/** A store in the file at an absolute path, in a thread of its own; `program` is what that runs. */
export function threadStore(path: string, limits: SqliteStoreLimits, program?: URL): DeliveryStore {
  const thread = new SqliteThreadClient(path, program)
  return queuedStore(
    {
      location: path,
      commit: batch => thread.commit(batch),
      async addInTransaction() {
        throw new NotInTransactionError('the store has a connection of its own; make it with sqliteStore({ database })')
      },
      close: limitMs => thread.close(limitMs),
    },
    limits,
  )
}
