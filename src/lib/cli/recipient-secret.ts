import { systemClock } from '../clock.ts'
import { createRecipientSecrets, type RecipientSecrets } from '../delivery/recipient-secrets.ts'
import { recipientSecret } from '../signature/master-secret.ts'
import { CommandError } from './command-error.ts'
import type { StoreOptions } from './deliveries-options.ts'
import { type OpenDeliveries, withDeliveries } from './open-deliveries.ts'
import { printJson, printLines } from './terminal.ts'

/** `ringback keys secret` */
export async function showSecret(recipient: string, { store, json }: StoreOptions): Promise<void> {
  print(await withDeliveries(store, open => secretsOf(open).secretFor(recipient)), json)
}

/** `ringback keys rotate` */
export async function rotateSecret(
  recipient: string,
  { store, json, overlap }: StoreOptions & { readonly overlap?: number },
): Promise<void> {
  const options = overlap === undefined ? {} : { overlapSeconds: overlap }
  print(await withDeliveries(store, open => secretsOf(open).rotateSecret(recipient, options).catch(asTold)), json)
}

function secretsOf({ store, masterSecrets: [current] }: OpenDeliveries): RecipientSecrets {
  if (current === undefined)
    throw new CommandError(
      'There is no master secret to derive secrets from: set RINGBACK_MASTER_SECRET to that of the server',
    )
  return createRecipientSecrets(
    store,
    { secretFor: (recipient, version) => recipientSecret(current, recipient, version) },
    systemClock,
  )
}

function asTold(error: unknown): never {
  throw error instanceof RangeError ? new CommandError(error.message) : error
}

function print(secret: string, json: boolean | undefined): void {
  if (json) printJson({ secret })
  else printLines([secret])
}
