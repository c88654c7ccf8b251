import type { Connection } from './connection.ts'

/** Does work in a transaction that has the lock from its beginning. If the work throws, nothing was done. */
export type Transact = <T>(work: () => T) => T

/** `check` runs first, while the lock is held, and may refuse everything. */
export function createTransact(database: Connection, check = () => {}): Transact {
  const begin = database.prepare('begin immediate')
  const commit = database.prepare('commit')
  return work => {
    begin.run()
    try {
      check()
      const result = work()
      commit.run()
      return result
    } catch (error) {
      if (database.isTransaction) database.exec('rollback')
      throw error
    }
  }
}
