import type { DatabaseSync } from 'node:sqlite'

/** After somebody who reads has held the log up, it gives back what it has beyond this. */
const logLimitBytes = 67_108_864

/**
 * Tells a connection to a store's own file how to write: nothing is acknowledged before it has reached the disk (on macOS only
 * `fullfsync` sees to that), and what is removed is overwritten.
 */
export function configureConnection(database: DatabaseSync): void {
  database.exec(
    `pragma journal_mode = wal; pragma synchronous = full; pragma fullfsync = on; pragma checkpoint_fullfsync = on;
     pragma journal_size_limit = ${logLimitBytes}; pragma secure_delete = on`,
  )
}
