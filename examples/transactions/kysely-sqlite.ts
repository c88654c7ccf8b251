import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { HttpError, Ringback } from 'ringback'
import { sqliteStore } from 'ringback/sqlite'
import { creation, type Settings } from './invoice.ts'

interface Tables {
  readonly invoice: { readonly id: string; readonly total: number }
}

/** A connection of Node's SQLite as Kysely takes it. */
const forKysely = (database: DatabaseSync): SqliteDatabase => ({
  close: () => database.close(),
  prepare(sql) {
    const statement = database.prepare(sql)
    const given = (values: readonly unknown[]) => values as SQLInputValue[]
    return {
      reader: statement.columns().length > 0,
      all: values => statement.all(...given(values)),
      run: values => statement.run(...given(values)),
      iterate: values => statement.iterate(...given(values)),
    }
  },
})

/**
 * An invoice and its callback in one commit, with Kysely on SQLite. Kysely lets its transactions take turns on the one
 * connection, which the store is given to store in them.
 */
export function invoicesWithKyselyOnSqlite({ database: path, masterSecret }: Settings): Ringback {
  const database = new DatabaseSync(path)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: forKysely(database) }) })
  const app = new Ringback({
    title: 'Invoices',
    version: '1.0.0',
    delivery: { store: sqliteStore({ database }), signing: { masterSecret }, worker: false },
    async *lifespan() {
      yield
      await db.destroy()
    },
  })

  app.post('/invoices', creation, ({ body, callbacks }) =>
    db.transaction().execute(async trx => {
      await trx.insertInto('invoice').values(body).execute()
      await callbacks.invoiceCreated.send(body, { transaction: database })
      if (body.total < 0) throw new HttpError(409, 'A total is not negative')
    }),
  )
  return app
}
