import { compactDatabase } from '../store/sqlite/upkeep/compact-database.ts'
import { refused } from './command-error.ts'
import type { StoreOptions } from './deliveries-options.ts'
import { lockWaitMs, withDatabase } from './store/open-deliveries.ts'
import { printJson, printLines, printNote } from './terminal.ts'

/** `ringback deliveries compact` */
export async function compactStore({ store, json }: StoreOptions): Promise<void> {
  const { beforeBytes, afterBytes, isRead } = await withDatabase(store, (database, { path }) =>
    compactDatabase(database, path, lockWaitMs).catch(refused(`Cannot compact the delivery store "${path}"`)),
  )
  if (json) return printJson({ beforeBytes, afterBytes, isRead })
  printLines([`It had ${beforeBytes} bytes and has ${afterBytes}`])
  if (isRead) printNote('Another process still reads it: the rest of the room comes back when that ends')
}
