import type { DatabaseSync } from 'node:sqlite'
import { nodeSqlite } from '../../files/node-sqlite.ts'
import { plainConnection } from '../connection.ts'

/** Settings of a connection that say how safely it writes and what it checks. */
const copied = ['synchronous', 'fullfsync', 'checkpoint_fullfsync', 'foreign_keys', 'recursive_triggers']

/** Another connection to the same file, with the same settings; undefined for a database in memory, which has only one. */
export function openOther(database: DatabaseSync): DatabaseSync | undefined {
  const path = database.location()
  if (!path) return undefined
  const other = new (nodeSqlite().DatabaseSync)(path, { timeout: 0 })
  const settings = copied.map(name => `pragma ${name} = ${settingOf(database, name)}`)
  other.exec(`${settings.join('; ')}; pragma secure_delete = on`)
  return other
}

/**
 * Lets a connection fail at once where it finds a lock, as long as the one who has the lock needs this thread to go on;
 * gives back what undoes that.
 */
export function refuseToWait(database: DatabaseSync): () => void {
  const timeoutMs = settingOf(database, 'busy_timeout')
  database.exec('pragma busy_timeout = 0')
  return () => {
    if (database.isOpen) database.exec(`pragma busy_timeout = ${timeoutMs}`)
  }
}

/** The value of a pragma, whose column has one name or another. */
export function settingOf(database: DatabaseSync, name: string): number {
  const row = plainConnection(database).prepare(`pragma ${name}`).get() ?? {}
  return Number(Object.values(row)[0] ?? 0)
}
