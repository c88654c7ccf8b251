import { createHash } from 'node:crypto'
import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'
import type { PostgresClient } from './connection/postgres-client.ts'
import { quotedName, type Statements } from './connection/statement.ts'
import { version1 } from './migrations/version-1.ts'

/** Each entry leads from one version of the tables to the next; a published one is never changed. */
const migrations: readonly string[] = [version1]

/** The version of the tables that this code makes. */
const tablesVersion = migrations.length

/**
 * Brings the tables of a schema to the version that this code knows, in one transaction and under a lock that ends with it.
 * Several processes may do so at the same time: the first one does it.
 */
export async function migrate(client: PostgresClient, statements: Statements, schema: string): Promise<void> {
  await statements.script(client, 'begin isolation level read committed')
  try {
    await client.query({ text: 'select pg_advisory_xact_lock($1::bigint)', values: [lockOf(schema)] })
    await makeSchema(client, schema)
    const version = await readVersion(client, statements, schema)
    refuseNewerTables(version)
    for (const migration of migrations.slice(version)) await statements.script(client, migration)
    if (version < tablesVersion)
      await statements.run(client, 'update ringback.engine set version = $1::int', [tablesVersion])
    await statements.script(client, 'commit')
  } catch (error) {
    await statements.script(client, 'rollback').catch(() => {})
    throw error
  }
}

/** Tables that are one version ahead may be used: a migration leaves what the version before it needs. */
export function refuseNewerTables(version: number): void {
  if (version <= tablesVersion + 1) return
  const reason = `the tables have version ${version} and this release knows version ${tablesVersion}; update Ringback`
  throw new StoreUnavailableError(reason, { lasting: true })
}

/** Who may not make schemas can use one that was made for him. */
async function makeSchema(client: PostgresClient, schema: string): Promise<void> {
  const { rows } = await client.query({ text: 'select 1 from pg_namespace where nspname = $1', values: [schema] })
  if (rows.length === 0) await client.query({ text: `create schema ${quotedName(schema)}` })
}

async function readVersion(client: PostgresClient, statements: Statements, schema: string): Promise<number> {
  const { rows } = await client.query({
    text: "select 1 from pg_tables where schemaname = $1 and tablename = 'engine'",
    values: [schema],
  })
  if (rows.length === 0) return 0
  const [row] = await statements.run(client, 'select version from ringback.engine')
  return Number(row?.version)
}

/** A number that stands for the migration of a schema among the locks of a database. */
function lockOf(schema: string): string {
  return createHash('sha256').update(`ringback ${schema}`).digest().readBigInt64BE().toString()
}
