import { masterSecretId } from '../../signature/master-secret.ts'
import { defaultMasterSecret } from '../../store/default-master-secret.ts'
import { CommandError } from '../command-error.ts'
import type { StoreOptions } from '../deliveries-options.ts'
import { withStore } from '../store/open-deliveries.ts'
import { printJson, printLines } from '../terminal.ts'

/** `ringback keys adopt` */
export async function adoptKeys({ store: path, json = false }: StoreOptions): Promise<void> {
  await withStore(path, async ({ store, masterSecrets, masterSecretPath }) => {
    if (masterSecrets.length === 0 && masterSecretPath === undefined)
      throw new CommandError(
        'Set RINGBACK_MASTER_SECRET to the master secret: the store of a database server has none beside it',
      )
    const adopted =
      masterSecretPath === undefined || masterSecrets.length > 0
        ? masterSecrets
        : [defaultMasterSecret(masterSecretPath)]
    const made = masterSecrets.length === 0 ? masterSecretPath : undefined
    await store.useKeys({ ids: adopted.map(masterSecretId), adopt: true })
    if (json) return printJson({ adopted: adopted.length, store: store.location, made })
    if (made !== undefined) printLines([`Made a new master secret in ${made}`])
    printLines([
      `Adopted ${adopted.length === 1 ? 'the master secret' : `${adopted.length} master secrets`} for ${store.location}`,
    ])
  })
}
