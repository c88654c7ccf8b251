import type { DatabaseSync } from 'node:sqlite'

/** When a long read has made the log grow, it is cut back to this size. */
const logLimitBytes = 67_108_864

/**
 * Sets up a connection to a store's own file. Nothing is acknowledged before it has reached the disk (macOS needs
 * `fullfsync` for that), and what is removed is overwritten.
 */
export function configureConnection(database: DatabaseSync): void {
  database.exec(
    `pragma journal_mode = wal; pragma synchronous = full; pragma fullfsync = on; pragma checkpoint_fullfsync = on;
     pragma journal_size_limit = ${logLimitBytes}; pragma secure_delete = on`,
  )
}
