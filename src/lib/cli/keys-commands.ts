import { type Command, InvalidArgumentError } from 'commander'
import { withStore } from './store-options.ts'

/** Adds `ringback keys` and what it has below it. */
export function addKeysCommands(program: Command): void {
  const keys = program
    .command('keys')
    .description('Make the keys that requests are signed with, show them, change them')
  addNew(keys)
  addSecret(keys)
  addRotate(keys)
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
serves as one, too. To rotate it, put the new one before the old one, with a
comma, until every receiver has the new keys.

Example:
  RINGBACK_MASTER_SECRET="$(ringback keys new)" node app.ts`,
    )
    .action(async options => (await import('./new-keys.ts')).newKeys(options))
}

const recipientArgument = [
  '<recipient>',
  'the tenant as the application names it, else the base URL that the receiver gave',
] as const

const secretHelp = `
Show it only to someone known to be that recipient. It is derived from the master
secret of RINGBACK_MASTER_SECRET, else the file beside the store.`

function addSecret(keys: Command): void {
  withStore(keys.command('secret'))
    .description('Print the secret with which a recipient verifies')
    .argument(...recipientArgument)
    .addHelpText('after', `${secretHelp}\n\nExample:\n  ringback keys secret customer-17`)
    .action(async (recipient, options) => (await import('./recipient-secret.ts')).showSecret(recipient, options))
}

function addRotate(keys: Command): void {
  withStore(keys.command('rotate'))
    .description('Give a recipient another secret, and print it')
    .argument(...recipientArgument)
    .option('--overlap <seconds>', 'how long the one before signs as well (default: 86400; 0 where it leaked)', seconds)
    .addHelpText(
      'after',
      `${secretHelp} At most three secrets of a
recipient sign at the same time. Servers that use the store take it up at once.

Example:
  ringback keys rotate customer-17 --overlap 3600`,
    )
    .action(async (recipient, options) => (await import('./recipient-secret.ts')).rotateSecret(recipient, options))
}

function seconds(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Give a whole number of seconds.')
  return Number(text)
}
