import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { configureConnection } from '../../store/files/configure-connection.ts'
import { makeDatabaseFile } from '../../store/files/make-database-file.ts'
import { nodeSqlite } from '../../store/files/node-sqlite.ts'
import { makeStoreFolder } from '../../store/files/store-folder.ts'

/** A claim waits so long for another process that writes. */
const busyMs = 2_000

const table = `create table if not exists ringback_received (
  key text primary key, token text not null, until integer not null, status integer, headers text, body text
) without rowid, strict;
create index if not exists ringback_received_until on ringback_received (until)`

/** Opens the database of handled messages. One that is there already is the user's, whose settings stay. */
export function openReceivedDatabase(path: string): DatabaseSync {
  const isOurs = !existsSync(path)
  if (isOurs) {
    makeStoreFolder(dirname(path))
    makeDatabaseFile(path)
  }
  const database = new (nodeSqlite().DatabaseSync)(path, { timeout: busyMs })
  try {
    if (isOurs) configureConnection(database)
    database.exec(table)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
