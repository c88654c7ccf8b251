import { DatabaseSync } from 'node:sqlite'
import { callback, dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { sqliteStore } from 'ringback/sqlite'
import { z } from 'zod'

// Your tables and the deliveries in one database.
export const database = new DatabaseSync(process.env['DATABASE'] ?? 'harbour.sqlite')
database.exec('create table if not exists permit (boat text primary key)')

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  delivery: {
    store: sqliteStore({ database }),
    signing: { masterSecret: process.env['RINGBACK_MASTER_SECRET'] ?? 'a secret for this example only' },
  },
})

const granted = callback.post('{$callback_url}/granted', { body: z.object({ boat: z.string() }) })

// A connection has one transaction at a time, so requests take turns.
let turn = Promise.resolve()

// What is written and what is sent: both or neither.
const transaction = dependency({ scope: 'handler' }, async function* () {
  const { promise, resolve: passOn } = Promise.withResolvers<void>()
  const before = turn
  turn = promise
  await before
  try {
    database.exec('begin immediate')
    yield database
    database.exec('commit')
  } finally {
    if (database.isTransaction) database.exec('rollback')
    passOn()
  }
})

app.post(
  '/permits/{boat}',
  {
    query: z.object({ callback_url: z.url() }),
    dependencies: { transaction },
    status: 204,
    callbacks: { granted },
  },
  async function grantPermit({ params, transaction, callbacks }) {
    await callbacks.granted.send({ boat: params.boat }, { transaction })
    const { changes } = transaction.prepare('insert or ignore into permit (boat) values (?)').run(params.boat)
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
