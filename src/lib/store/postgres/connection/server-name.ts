/** Where a database is, for people: without user, password and options. */
export function serverName(connectionString: string | undefined, schema: string): string {
  const url = connectionString === undefined ? null : URL.parse(connectionString)
  if (url === null) return `PostgreSQL, schema ${schema}`
  const host = url.host === '' ? 'localhost' : url.host
  return `PostgreSQL at ${host}${url.pathname}, schema ${schema}`
}
