import type { Command } from 'commander'
import { withStoreOptions } from './store-options.ts'

/** Adds `ringback migrate`. */
export function addMigrateCommand(program: Command): void {
  withStoreOptions(program.command('migrate'))
    .description("Bring the tables of a store to this release's version, which its first use does otherwise")
    .addHelpText(
      'after',
      `
In PostgreSQL the user needs the right to create there; servers and workers then
need none. RINGBACK_SCHEMA names the schema, if it is not "ringback".

Example:
  ringback migrate --store postgres://owner:password@db.example/app`,
    )
    .action(async options => (await import('./migrate-store.ts')).migrateStore(options))
}
