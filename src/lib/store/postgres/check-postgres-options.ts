import { checkNames, type KnownNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'

interface Checked {
  readonly pool?: { readonly connect?: unknown } | undefined
  readonly connectionString?: unknown
  readonly schema?: unknown
  readonly queueLimit?: unknown
  readonly waitLimitMs?: unknown
  readonly connections?: unknown
  readonly wake?: unknown
  readonly listenConnectionString?: unknown
}

/** Refuses options of `postgresStore` that name no database, or two, and limits that are none. */
export function checkPostgresOptions(options: Checked, names: KnownNames): void {
  checkNames(options, names, 'the options of "postgresStore"')
  const { pool, connectionString, schema, queueLimit, waitLimitMs, connections } = options
  if ((pool === undefined) === (connectionString === undefined))
    throw new DefinitionError('"postgresStore" needs one database: give either your own "pool" or a "connectionString"')
  if (pool !== undefined && typeof pool?.connect !== 'function')
    throw new DefinitionError(`"pool" of "postgresStore" is ${quoted(pool)}: give a pool, new Pool(…) of "pg"`)
  // Not quoted: it may hold a password.
  if (connectionString !== undefined && (typeof connectionString !== 'string' || connectionString === ''))
    throw new DefinitionError('"connectionString" of "postgresStore" is not a text: give "postgres://…"')
  if (schema !== undefined && !(typeof schema === 'string' && isSchemaName(schema)))
    throw new DefinitionError(
      `"schema" of "postgresStore" is ${quoted(schema)}: give a name of at most 63 bytes that does not begin with "pg_"`,
    )
  checkWake(options)
  for (const [name, limit] of Object.entries({ queueLimit, waitLimitMs, connections }))
    if (limit !== undefined && !(typeof limit === 'number' && limit > 0))
      throw new DefinitionError(`"${name}" of "postgresStore" is ${quoted(limit)}: give a number above 0`)
}

const isSchemaName = (name: string) =>
  name !== '' && Buffer.byteLength(name) <= 63 && !name.startsWith('pg_') && !name.includes('\0')

function checkWake({ wake = 'poll', listenConnectionString, connectionString }: Checked): void {
  if (wake !== 'poll' && wake !== 'listen')
    throw new DefinitionError(`"wake" of "postgresStore" is ${quoted(wake)}: give "poll" or "listen"`)
  // Not quoted: it may hold a password.
  if (
    listenConnectionString !== undefined &&
    (typeof listenConnectionString !== 'string' || listenConnectionString === '')
  )
    throw new DefinitionError('"listenConnectionString" of "postgresStore" is not a text: give "postgres://…"')
  if (wake === 'poll' && listenConnectionString !== undefined)
    throw new DefinitionError(
      '"listenConnectionString" of "postgresStore" is for wake: "listen": add that, or leave it out',
    )
  if (wake === 'listen' && listenConnectionString === undefined && connectionString === undefined)
    throw new DefinitionError(
      'With a "pool" wake: "listen" of "postgresStore" needs "listenConnectionString": a worker listens on a connection of its own',
    )
}
