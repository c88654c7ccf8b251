import type { Command } from 'commander'

/** Adds the options of every command that works in a store: see `StoreOptions`. */
export function withStoreOptions(command: Command): Command {
  return command
    .option('--store <file>', 'the SQLite file with the deliveries, or postgres://…')
    .option('--json', 'print one JSON document, for programs')
}
