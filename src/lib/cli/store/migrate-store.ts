import type { StoreOptions } from '../deliveries-options.ts'
import { printJson, printLines } from '../terminal.ts'
import { withStore } from './open-deliveries.ts'

/** `ringback migrate` */
export async function migrateStore({ store: path, json }: StoreOptions): Promise<void> {
  await withStore(path, async ({ store, migrate }) => {
    await migrate()
    if (json) printJson({ store: store.location })
    else printLines([`The tables are those of this release: ${store.location}`])
  })
}
