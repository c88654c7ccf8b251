import { systemClock } from '../../clock.ts'
import { MasterSecretUnknownError } from '../../delivery/keys/master-secret-unknown-error.ts'
import { createRecipientSecrets, type RecipientSecrets } from '../../delivery/keys/recipient-secrets.ts'
import { StoreKeys } from '../../delivery/keys/store-keys.ts'
import { recipientSecret } from '../../signature/master-secret.ts'
import { CommandError } from '../command-error.ts'
import type { StoreOptions } from '../deliveries-options.ts'
import { withStore } from '../store/open-deliveries.ts'
import type { OpenStore } from '../store/open-store.ts'
import { printJson, printLines } from '../terminal.ts'

/** `ringback keys secret` */
export async function showSecret(recipient: string, { store, json }: StoreOptions): Promise<void> {
  print(await withStore(store, open => secretsOf(open).secretFor(recipient).catch(asTold)), json)
}

/** `ringback keys rotate` */
export async function rotateSecret(
  recipient: string,
  { store, json, overlap }: StoreOptions & { readonly overlap?: number },
): Promise<void> {
  const options = overlap === undefined ? {} : { overlapSeconds: overlap }
  print(await withStore(store, open => secretsOf(open).rotateSecret(recipient, options).catch(asTold)), json)
}

function secretsOf({ store, masterSecrets }: OpenStore): RecipientSecrets {
  const [current] = masterSecrets
  if (current === undefined)
    throw new CommandError(
      "There is no master secret to derive secrets from: set RINGBACK_MASTER_SECRET to the server's",
    )
  const secretFor = (recipient: string, version: number) => recipientSecret(current, recipient, version)
  const keys = new StoreKeys(store, masterSecrets)
  return createRecipientSecrets({ store, keys, clock: systemClock }, { secretFor })
}

function asTold(error: unknown): never {
  throw error instanceof RangeError || error instanceof MasterSecretUnknownError
    ? new CommandError(error.message)
    : error
}

function print(secret: string, json: boolean | undefined): void {
  if (json) printJson({ secret })
  else printLines([secret])
}
