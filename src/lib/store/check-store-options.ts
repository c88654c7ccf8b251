import { checkNames, type KnownNames } from '../definition/check-names.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'

interface Checked {
  readonly path?: unknown
  readonly database?: { readonly prepare?: unknown } | undefined
  readonly queueLimit?: unknown
  readonly waitLimitMs?: unknown
}

/** Refuses options of `sqliteStore` that name no database or two of them, and invalid limits. */
export function checkStoreOptions(options: Checked, names: KnownNames): void {
  checkNames(options, names, 'the options of "sqliteStore"')
  const { path, database, queueLimit, waitLimitMs } = options
  if ((path === undefined) === (database === undefined))
    throw new DefinitionError(
      '"sqliteStore" needs one database: give either its "path" or your own connection as "database"',
    )
  if (path !== undefined && (typeof path !== 'string' || path === ''))
    throw new DefinitionError(`"path" of "sqliteStore" is ${quoted(path)}: give the path of a file`)
  if (database !== undefined && typeof database?.prepare !== 'function')
    throw new DefinitionError(
      `"database" of "sqliteStore" is ${quoted(database)}: give a connection, new DatabaseSync(…) of "node:sqlite"`,
    )
  for (const [name, limit] of Object.entries({ queueLimit, waitLimitMs }))
    if (limit !== undefined && !(typeof limit === 'number' && limit > 0))
      throw new DefinitionError(`"${name}" of "sqliteStore" is ${quoted(limit)}: give a number above 0`)
}
