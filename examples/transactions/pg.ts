import pg from 'pg'
import { HttpError, Ringback } from 'ringback'
import { postgresStore } from 'ringback/postgres'
import { creation, type Settings } from './invoice.ts'

/** An invoice and its callback in one commit, with `pg`: once by the store's dependency, and once by hand. */
export function invoicesWithPg({ database, masterSecret }: Settings): Ringback {
  const pool = new pg.Pool({ connectionString: database, max: 10 })
  const store = postgresStore({ pool })
  const app = new Ringback({
    title: 'Invoices',
    version: '1.0.0',
    delivery: { store, signing: { masterSecret }, worker: false },
    async *lifespan() {
      yield
      await pool.end()
    },
  })

  app.post(
    '/invoices',
    { ...creation, dependencies: { tx: store.transaction } },
    async function createInvoice({ body, callbacks, tx }) {
      await tx.query('insert into invoice (id, total) values ($1, $2)', [body.id, body.total])
      await callbacks.invoiceCreated.send(body, { transaction: tx })
      if (body.total < 0) throw new HttpError(409, 'A total is not negative')
    },
  )

  app.post('/by-hand', creation, async function createByHand({ body, callbacks }) {
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query('insert into invoice (id, total) values ($1, $2)', [body.id, body.total])
      await callbacks.invoiceCreated.send(body, { transaction: client })
      if (body.total < 0) throw new HttpError(409, 'A total is not negative')
      await client.query('commit')
    } catch (error) {
      await client.query('rollback')
      throw error
    } finally {
      client.release()
    }
  })
  return app
}
