/** Node's SQLite. It is loaded with the first database, since some runtimes do not have it and need not for all else. */
export function nodeSqlite(): typeof import('node:sqlite') {
  const sqlite = process.getBuiltinModule('node:sqlite')
  if (sqlite !== undefined) return sqlite
  throw new Error('This runtime has no "node:sqlite": give the delivery options a store of your own')
}
