import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'
import { type Connection, prepareValues } from './connection.ts'
import { version1 } from './migrations/version-1.ts'
import { version2 } from './migrations/version-2.ts'
import { version3 } from './migrations/version-3.ts'
import { toVersion4 } from './migrations/version-4.ts'
import { version5 } from './migrations/version-5.ts'
import { version6 } from './migrations/version-6.ts'
import { tables } from './tables.ts'

/** Each entry leads from one version of the tables to the next. A published entry is never changed. */
const migrations: readonly (string | ((database: Connection) => void))[] = [
  version1,
  version2,
  version3,
  toVersion4,
  version5,
  version6,
]

/** The version of the tables that this code uses. */
export const tablesVersion = migrations.length

/** The version of the tables in a database; undefined if there are none. */
export function versionOf(database: Connection): number | undefined {
  const made = database.prepare("select 1 from sqlite_master where name = 'ringback_schema'").get()
  if (made === undefined) return undefined
  return Number(database.prepare('select version from ringback_schema').get()?.version ?? 0)
}

/**
 * Makes the tables, or brings them to the version that this code uses, inside a transaction that the caller has opened.
 * Newer tables are left alone: an older process must not write to them.
 */
export function makeTables(database: Connection): void {
  const isNew = versionOf(database) === undefined
  if (isNew) database.exec(`${schemaTable}; insert into ringback_schema (version) values (${tablesVersion}); ${tables}`)
  else migrate(database)
}

const schemaTable = 'create table if not exists ringback_schema (version integer not null) strict'

/** Brings older tables to a version, from none at all too: tests begin with older ones. */
export function migrate(database: Connection, to = migrations.length): void {
  database.exec(schemaTable)
  const row = database.prepare('select version from ringback_schema').get()
  const version = Number(row?.version ?? 0)
  if (version > migrations.length) throw tablesAreNewer(version)
  for (const migration of migrations.slice(version, to))
    if (typeof migration === 'string') database.exec(migration)
    else migration(database)
  if (row === undefined) database.prepare('insert into ringback_schema (version) values (?)').run(to)
  else if (version < to) database.prepare('update ringback_schema set version = ?').run(to)
}

/**
 * Refuses tables that a newer process has changed meanwhile. It checks in each transaction, so that an older process
 * stops at once. The caller has the lock, so the version cannot change until the transaction ends.
 */
export function createVersionCheck(database: Connection): () => void {
  const statement = prepareValues(database, 'select version from ringback_schema')
  return () => {
    const version = Number(statement.get()?.[0])
    if (version > tablesVersion) throw tablesAreNewer(version)
  }
}

function tablesAreNewer(version: number): StoreUnavailableError {
  const reason = `the tables have version ${version} and this release knows version ${tablesVersion}; update Ringback`
  return new StoreUnavailableError(reason, { lasting: true })
}
