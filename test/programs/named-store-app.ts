// An application whose definition names its store and its secret, as a deployment does. It serves if it is the main
// program.
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { sqliteStore } from 'ringback/sqlite'
import { z } from 'zod'
import { invoiceCallbacks } from '../../examples/invoices.ts'

export const app = new Ringback({
  title: 'Invoices',
  version: '1.0.0',
  delivery: {
    store: sqliteStore({ path: process.env['STORE_FILE'] ?? '' }),
    signing: { masterSecret: process.env['SIGNING_SECRET'] ?? '' },
    retryDelaysSeconds: [0, 0.2, 0.2],
  },
})

/** Read before any test begins. */
export const { deliveries } = app

app.post(
  '/invoices/',
  {
    query: z.object({ callback_url: z.url(), delay_ms: z.int().default(0), key: z.string().optional() }),
    body: z.object({ id: z.string() }),
    response: z.object({ delivery: z.string() }),
    callbacks: invoiceCallbacks,
  },
  async function createInvoice({ query, callbacks }) {
    const options = { delayMs: query.delay_ms, ...(query.key !== undefined && { idempotencyKey: query.key }) }
    const { id } = await callbacks.invoiceNotification.send({ description: 'Celebration', paid: true }, options)
    return { delivery: id }
  },
)

if (import.meta.main) {
  const server = await serve(app, { port: 0, host: '127.0.0.1', allowLoopback: true })
  process.send?.({ url: server.url })
}
