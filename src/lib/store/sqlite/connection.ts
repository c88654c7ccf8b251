import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementResultingChanges, StatementSync } from 'node:sqlite'
import type { Row } from '../rows/row.ts'

/** A connection as the store uses it. */
export interface Connection extends Pick<DatabaseSync, 'exec' | 'isTransaction'> {
  prepare(sql: string): Statement
}

/** A statement as the store uses it. */
export interface Statement extends Pick<StatementSync, 'setReturnArrays'> {
  all(...parameters: SQLInputValue[]): Row[]
  get(...parameters: SQLInputValue[]): Row | undefined
  run(...parameters: SQLInputValue[]): StatementResultingChanges
  iterate(...parameters: SQLInputValue[]): Iterable<Row>
}

/** A row as the values of its columns, in their order. */
export type Values = readonly SQLOutputValue[]

/** A statement that returns rows as arrays of values. */
export interface ValuesStatement {
  all(...parameters: SQLInputValue[]): Values[]
  get(...parameters: SQLInputValue[]): Values | undefined
}

/**
 * Wraps the user's own connection, which may be set up to return rows as arrays and numbers as bigints. Through this
 * wrapper rows are objects with numbers.
 */
export function plainConnection(database: DatabaseSync): Connection {
  return {
    get isTransaction() {
      return database.isTransaction
    },
    exec: sql => database.exec(sql),
    prepare: sql => new LateStatement(database, sql),
  }
}

/** Is prepared when it is used first: a process uses few of those that a store knows. */
class LateStatement implements Statement {
  readonly #database: Pick<DatabaseSync, 'prepare'>
  readonly #sql: string
  #statement: StatementSync | undefined
  #returnsArrays = false

  constructor(database: Pick<DatabaseSync, 'prepare'>, sql: string) {
    this.#database = database
    this.#sql = sql
  }

  all(...parameters: SQLInputValue[]): Row[] {
    return this.#prepared.all(...parameters)
  }

  get(...parameters: SQLInputValue[]): Row | undefined {
    return this.#prepared.get(...parameters)
  }

  run(...parameters: SQLInputValue[]): StatementResultingChanges {
    return this.#prepared.run(...parameters)
  }

  iterate(...parameters: SQLInputValue[]): Iterable<Row> {
    return this.#prepared.iterate(...parameters)
  }

  /** Called before it is used. */
  setReturnArrays(enabled: boolean): void {
    this.#returnsArrays = enabled
  }

  get #prepared(): StatementSync {
    if (this.#statement !== undefined) return this.#statement
    const statement = this.#database.prepare(this.#sql)
    statement.setReadBigInts(false)
    statement.setReturnArrays(this.#returnsArrays)
    this.#statement = statement
    return statement
  }
}

/**
 * For statements that run at every attempt. Each row object of node:sqlite has a shape of its own, so reading it is
 * slow; arrays are fast.
 */
export function prepareValues(connection: Connection, sql: string): ValuesStatement {
  const statement = connection.prepare(sql)
  statement.setReturnArrays(true)
  // The types of node:sqlite only know rows as objects.
  return statement as unknown as ValuesStatement
}
