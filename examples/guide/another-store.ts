import { callback, Ringback } from 'ringback'
import type { DeliveryStore } from 'ringback/delivery'
import { serve } from 'ringback/node'
import { postgresStore } from 'ringback/postgres'
import { sqliteStore } from 'ringback/sqlite'
import { z } from 'zod'

// A file for one machine, a server for many.
function storeOf(url: string | undefined): DeliveryStore {
  if (url === undefined) return sqliteStore({ path: 'harbour-deliveries.sqlite' })
  return postgresStore({ connectionString: url, preparedStatements: true })
}

/** A store of your own: whatever stands between the engine and a database. This one says what was added. */
export function tellingStore(inner: DeliveryStore): DeliveryStore {
  const add: DeliveryStore['add'] = async request => {
    const result = await inner.add(request)
    console.log('added' in result ? `The store has taken ${result.added.length}` : 'The store has refused it')
    return result
  }
  return { ...inner, add }
}

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  delivery: {
    store: tellingStore(storeOf(process.env['DATABASE_URL'])),
    // A store that you name needs a master secret that you name.
    signing: { masterSecret: process.env['RINGBACK_MASTER_SECRET'] ?? 'a secret for this example only' },
  },
})

const docked = callback.post('{$callback_url}/docked', { body: z.object({ boat: z.string() }) })

app.post(
  '/boats/{boat}',
  { operationId: 'dock', query: z.object({ callback_url: z.url() }), status: 202, callbacks: { docked } },
  async function dock({ params, callbacks }) {
    await callbacks.docked.send({ boat: params.boat })
  },
)

export const receiver = new Ringback({ title: 'A sailor', version: '1.0.0' })
receiver.post('/docked', { body: z.object({ boat: z.string() }), status: 204 }, async function hear({ body, log }) {
  log.info('Docked', body)
})

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
