import { createHash } from 'node:crypto'
import type { Row } from '../../rows/row.ts'
import type { PostgresClient, PostgresQuery } from './postgres-client.ts'

/** Writes the statements of one schema; the texts call it `ringback`. */
export interface Statements {
  run(client: PostgresClient, text: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** Statements without values, all in one exchange; the rows of the last. */
  script(client: PostgresClient, text: string): Promise<readonly Row[]>
  /** Several in their order, in one exchange where the client can; no two of them may be the same. */
  all(client: PostgresClient, asked: readonly Asked[]): Promise<readonly (readonly Row[])[]>
}

/** A statement with its values, or a script. */
export interface Asked {
  readonly text: string
  /** Undefined for a script. */
  readonly values: readonly unknown[] | undefined
}

/** `prepared` gives each statement a name, so that the server plans it once for a connection. */
export function createStatements(schema: string, prepared: boolean): Statements {
  const known = new Map<string, Pick<PostgresQuery, 'text' | 'name'>>()
  const statementOf = (text: string) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const own = inSchema(text, schema)
    const name = `ringback_${createHash('sha256').update(own).digest('hex').slice(0, 24)}`
    const statement = prepared ? { text: own, name } : { text: own }
    known.set(text, statement)
    return statement
  }
  const statements: Statements = {
    async run(client, text, values = []) {
      const result = await client.query({ ...statementOf(text), values: values.map(sentValue), types: plainTypes })
      return result.rows as readonly Row[]
    },
    async script(client, text) {
      const result: unknown = await client.query({ text: inSchema(text, schema), types: plainTypes })
      const last = Array.isArray(result) ? result.at(-1) : result
      return (last as { readonly rows: readonly Row[] }).rows
    },
    async all(client, asked) {
      const ask = ({ text, values }: Asked) =>
        values === undefined ? statements.script(client, text) : statements.run(client, text, values)
      // After one that fails the others fail as well, and the first failure is the one that says why.
      if (client.pipeline) return Promise.all(asked.map(ask))
      const rows: (readonly Row[])[] = []
      for (const each of asked) rows.push(await ask(each))
      return rows
    },
  }
  return statements
}

/** The name of a schema within a statement. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function inSchema(text: string, schema: string): string {
  return text.replaceAll(/\bringback\./g, () => `${quotedName(schema)}.`)
}

/** PostgreSQL takes no NUL in a text; where one could stand it tells nothing. */
function sentValue(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value
  return Array.isArray(value) ? value.map(sentValue) : value
}

const parsers: Readonly<Record<number, (value: string) => unknown>> = {
  16: value => (value === 't' ? 1 : 0),
  17: value => Buffer.from(value.slice(2), 'hex'),
  21: Number,
  23: Number,
  701: Number,
}

/** The program may have told `pg` to read types in its own way: here they are read as the stores need them. */
const plainTypes: NonNullable<PostgresQuery['types']> = {
  getTypeParser: oid => parsers[oid] ?? (value => value),
}
