// The invoice application with quick retries and a store given by the environment, in a process of its own.
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'
import { invoiceCallbacks } from '../../examples/invoices.ts'

const app = new Ringback({
  title: 'Invoices',
  version: '1.0.0',
  delivery: { retryDelaysSeconds: [0, ...Array.from({ length: 200 }, () => 0.2)], timeoutMs: 2000 },
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
