// The invoice application with quick retries and a store given by the environment, in a process of its own.
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { sqliteStore } from 'ringback/sqlite'
import { z } from 'zod'
import { invoiceCallbacks } from '../../examples/invoices.ts'
import { withShortMargin } from '../support/short-margin.ts'

const app = new Ringback({
  title: 'Invoices',
  version: '1.0.0',
  delivery: {
    // Those who killed it do not wait for its leases.
    store: withShortMargin(sqliteStore({ path: process.env['RINGBACK_STORE'] ?? '' })),
    retryDelaysSeconds: [0, ...Array.from({ length: 200 }, () => 0.2)],
    timeoutMs: 1_000,
  },
})

app.post(
  '/invoices/',
  {
    query: z.object({ callback_url: z.url().optional() }),
    body: z.object({ id: z.string() }),
    response: z.object({ delivery: z.string() }),
    callbacks: invoiceCallbacks,
  },
  async function createInvoice({ callbacks }) {
    const sent = await callbacks.invoiceNotification?.send({ description: 'Payment celebration', paid: true })
    return { delivery: sent?.id ?? '' }
  },
)

const server = await serve(app, { port: 0, host: '127.0.0.1', allowLoopback: true })
process.send?.({ url: server.url })
