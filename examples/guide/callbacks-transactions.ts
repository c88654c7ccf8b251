import { DatabaseSync } from 'node:sqlite'
import { callback, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { sqliteStore } from 'ringback/sqlite'
import { z } from 'zod'

// Your tables and the deliveries in one database.
export const database = new DatabaseSync(process.env['DATABASE'] ?? 'harbour.sqlite')
database.exec('create table if not exists permit (boat text primary key)')
const store = sqliteStore({ database })

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  delivery: {
    store,
    signing: { masterSecret: process.env['RINGBACK_MASTER_SECRET'] ?? 'a secret for this example only' },
  },
})

const granted = callback.post('{$callback_url}/granted', { body: z.object({ boat: z.string() }) })

app.post(
  '/permits/{boat}',
  {
    query: z.object({ callback_url: z.url() }),
    dependencies: { tx: store.transaction },
    status: 204,
    callbacks: { granted },
  },
  async function grantPermit({ params, tx, callbacks }) {
    await callbacks.granted.send({ boat: params.boat }, { transaction: tx })
    const { changes } = tx.prepare('insert or ignore into permit (boat) values (?)').run(params.boat)
    if (changes === 0) throw new HttpError(409, `${params.boat} has a permit already`)
  },
)

export const receiver = new Ringback({ title: 'A sailor', version: '1.0.0' })

receiver.post(
  '/events/granted',
  { body: z.object({ boat: z.string() }), status: 204 },
  async function hear({ body, log }) {
    log.info('Granted', body)
  },
)

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
