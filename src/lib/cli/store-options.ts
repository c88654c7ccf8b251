import type { Command } from 'commander'

/** Adds the options of every command that works in a store: see `StoreOptions`. */
export function withStore(command: Command): Command {
  return command
    .option('--store <file>', 'the SQLite file with the deliveries')
    .option('--json', 'print one JSON document, for programs')
}
