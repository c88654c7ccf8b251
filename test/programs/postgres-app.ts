import { callback, Ringback } from 'ringback'
import { postgresStore } from 'ringback/postgres'
import { z } from 'zod'

/** Serves and stores, and leaves the sending to workers. */
const store = postgresStore({ connectionString: process.env['DATABASE_URL'] ?? '', schema: 'hooks' })

export const app = new Ringback({
  title: 'Orders',
  version: '1.0.0',
  delivery: { store, worker: false },
  lifespan: async function* () {
    console.log('begins')
    yield
    console.log('has ended')
  },
})
const ordered = callback.post('{$callback_url}/ordered', { body: z.object({ id: z.string() }) })
app.post(
  '/orders/{id}',
  { query: z.object({ callback_url: z.url() }), callbacks: { ordered } },
  async function createOrder({ params, callbacks }) {
    await callbacks.ordered.send({ id: params.id })
  },
)
