import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'

/** A connection as the store uses it. */
export type Connection = Pick<DatabaseSync, 'prepare' | 'exec' | 'isTransaction'>

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
    prepare(sql) {
      const statement = database.prepare(sql)
      statement.setReadBigInts(false)
      statement.setReturnArrays(false)
      return statement
    },
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
