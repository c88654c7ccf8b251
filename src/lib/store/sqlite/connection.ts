import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'

/** A connection as the store uses it. */
export type Connection = Pick<DatabaseSync, 'prepare' | 'exec' | 'isTransaction'>

/** A row as the values of its columns, in their order. */
export type Values = readonly SQLOutputValue[]

/** A statement that gives rows as their values. */
export interface ValuesStatement {
  all(...parameters: SQLInputValue[]): Values[]
  get(...parameters: SQLInputValue[]): Values | undefined
}

/** The user's own connection may be made to give rows as lists, and numbers as bigints: here they are objects of numbers. */
export function plainConnection(database: DatabaseSync): Connection {
  return {
    get isTransaction() {
      return database.isTransaction
    },
    exec: sql => database.exec(sql),
    prepare(sql) {
      const statement = database.prepare(sql)
      statement.setReadBigInts(false)
      statement.setReturnArrays(false)
      return statement
    },
  }
}

/** For what runs at every attempt: each object of node:sqlite has a shape of its own, and what reads it is slow. */
export function prepareValues(connection: Connection, sql: string): ValuesStatement {
  const statement = connection.prepare(sql)
  statement.setReturnArrays(true)
  // The types of node:sqlite know rows as objects only.
  return statement as unknown as ValuesStatement
}
