import { type Command, InvalidArgumentError } from 'commander'
import { withStoreOptions } from '../store/store-options.ts'

/** Adds `ringback keys` and what it has below it. */
export function addKeysCommands(program: Command): void {
  const keys = program.command('keys').description('Make, show and rotate the keys that sign requests')
  addNew(keys)
  addSecret(keys)
  addRotate(keys)
  addAdopt(keys)
  addReseal(keys)
}

function addNew(keys: Command): void {
  keys
    .command('new')
    .description('Print a new master secret, from which Ringback derives every other key')
    .option('--ed25519', 'print a pair of Ed25519 keys instead, for "signing.keyPairs" or a sender of your own')
    .option('--json', 'print one JSON document, for programs')
    .addHelpText(
      'after',
      `
Nothing else is printed and nothing is stored: keep it where your other secrets
are. A master secret has the form of a Standard Webhooks secret (whsec_…) and
can serve as one. To rotate it, set both, the new one first and a comma between
them, until every receiver has the new keys.

Example:
  RINGBACK_MASTER_SECRET="$(ringback keys new)" node app.ts`,
    )
    .action(async options => (await import('./new-keys.ts')).newKeys(options))
}

const recipientArgument = [
  '<recipient>',
  'the tenant as the application names it, or else the base URL that the receiver gave',
] as const

const secretHelp = `
Give it only to someone you know to be that recipient. It is derived from the
master secret in RINGBACK_MASTER_SECRET, or else in the file beside the store.`

function addSecret(keys: Command): void {
  withStoreOptions(keys.command('secret'))
    .description('Print the secret that a recipient verifies with')
    .argument(...recipientArgument)
    .addHelpText('after', `${secretHelp}\n\nExample:\n  ringback keys secret customer-17`)
    .action(async (recipient, options) => (await import('./recipient-secret.ts')).showSecret(recipient, options))
}

function addRotate(keys: Command): void {
  withStoreOptions(keys.command('rotate'))
    .description('Give a recipient a new secret, and print it')
    .argument(...recipientArgument)
    .option('--overlap <seconds>', 'how long the previous one keeps signing (default: 86400; 0 if it leaked)', seconds)
    .addHelpText(
      'after',
      `${secretHelp} A recipient has at
most three secrets that sign at a time. Servers that use the store pick up the
new one at once.

Example:
  ringback keys rotate customer-17 --overlap 3600`,
    )
    .action(async (recipient, options) => (await import('./recipient-secret.ts')).rotateSecret(recipient, options))
}

function seconds(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Give a whole number of seconds.')
  return Number(text)
}

function addReseal(keys: Command): void {
  withStoreOptions(keys.command('reseal'))
    .description('Seal the secrets of endpoints under the current master secret')
    .addHelpText(
      'after',
      `
After a rotation of the master secret: RINGBACK_MASTER_SECRET has the new one
and the earlier one, a comma between them. It can be ended and begun again.

Example:
  RINGBACK_MASTER_SECRET="$NEW,$OLD" ringback keys reseal`,
    )
    .action(async options => (await import('./reseal-keys.ts')).resealKeys(options))
}

function addAdopt(keys: Command): void {
  withStoreOptions(keys.command('adopt'))
    .description('Let a store be used with a master secret that it does not know')
    .addHelpText(
      'after',
      `
A server refuses to start if its store was only ever used with other master
secrets, because every receiver would find the signatures changed. Put the
earlier secret back if you can. If it is lost, this command adopts the current
one (from RINGBACK_MASTER_SECRET, or else from the file beside the store, which
is made if there is none). Then give every receiver its new secret; delivery
headers that were sealed under the lost one can no longer be opened.

The store is the file that --store or RINGBACK_STORE names, else
.ringback/deliveries.sqlite beside the nearest package.json above the working
directory.

Example:
  ringback keys adopt --store .ringback/deliveries.sqlite`,
    )
    .action(async options => (await import('./adopt-keys.ts')).adoptKeys(options))
}
