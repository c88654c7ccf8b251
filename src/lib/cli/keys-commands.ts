import type { Command } from 'commander'

/** Adds `ringback keys` and what it has below it. */
export function addKeysCommands(program: Command): void {
  program
    .command('keys')
    .description('Make the keys that requests are signed with')
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
