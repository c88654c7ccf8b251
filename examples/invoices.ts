import { Ringback, callback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Invoice = z.object({ id: z.string(), title: z.string().nullish(), customer: z.string(), total: z.number() }).meta({ id: 'Invoice' })
const InvoiceEvent = z.object({ description: z.string(), paid: z.boolean() }).meta({ id: 'InvoiceEvent' })
const InvoiceEventReceived = z.object({ ok: z.boolean() }).meta({ id: 'InvoiceEventReceived' })

export const invoiceCallbacks = {
  invoiceNotification: callback.post('{$callback_url}/invoices/{$request.body.id}', {
    body: InvoiceEvent,
    response: InvoiceEventReceived,
  }),
}

export const app = new Ringback({ title: 'Invoices', version: '1.0.0' })

app.post('/invoices/', {
  summary: 'Create an invoice',
  query: z.object({ callback_url: z.url().optional() }),
  body: Invoice,
  response: z.object({ msg: z.string() }),
  callbacks: invoiceCallbacks,
}, async function createInvoice({ body, callbacks }) {
  await callbacks.invoiceNotification?.send({ description: 'Payment celebration', paid: true })
  return { msg: 'Invoice received' }
})

if (import.meta.main) await serve(app)
