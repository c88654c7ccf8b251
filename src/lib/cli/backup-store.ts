import { resolve } from 'node:path'
import { backupDatabase } from '../store/sqlite/upkeep/backup-database.ts'
import { refused } from './command-error.ts'
import type { StoreOptions } from './deliveries-options.ts'
import { withDatabase } from './store/open-deliveries.ts'
import { printJson, printLines, printNote } from './terminal.ts'

/** `ringback deliveries backup <file>` */
export async function backupStore(file: string, { store, json }: StoreOptions): Promise<void> {
  const target = resolve(file)
  const { bytes, masterSecretIds } = await withDatabase(store, database =>
    backupDatabase(database, target).catch(refused(`Cannot copy the delivery store to "${target}"`)),
  )
  if (json) return printJson({ file: target, bytes, masterSecretIds })
  printLines([
    `Copied ${bytes} bytes to ${target}`,
    ...masterSecretIds.map(id => `It was used with the master secret whose id is ${id}`),
  ])
  if (masterSecretIds.length > 0) printNote('The master secret is not in it: keep a copy of that elsewhere')
}
