import { Ringback, type RingbackOptions } from 'ringback'
import { z } from 'zod'
import { invoiceCallbacks } from '../../examples/invoices.ts'

/**
 * The invoice application for tests that kill, stop and starve it: short time limits, quick retries, a body of its own for
 * each invoice, and a GET that needs no store.
 */
export function shortLeaseApp(delivery: RingbackOptions['delivery'] = {}) {
  const app = new Ringback({
    title: 'Invoices',
    version: '1.0.0',
    delivery: { retryDelaysSeconds: [0, ...Array.from({ length: 999 }, () => 0.2)], timeoutMs: 500, ...delivery },
  })

  app.post(
    '/invoices/',
    {
      query: z.object({ callback_url: z.url() }),
      body: z.object({ id: z.string() }),
      response: z.object({ delivery: z.string() }),
      callbacks: invoiceCallbacks,
    },
    async function createInvoice({ body, callbacks }) {
      const { id } = await callbacks.invoiceNotification.send({ description: `Invoice ${body.id}`, paid: true })
      return { delivery: id }
    },
  )

  app.get('/health', { response: z.object({ ok: z.boolean() }) }, () => ({ ok: true }))

  return app
}
