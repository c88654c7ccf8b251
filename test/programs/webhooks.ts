import { callback, Ringback, webhook } from 'ringback'
import { z } from 'zod'

const Invoice = z.object({ id: z.string(), lines: z.array(z.object({ cents: z.int() })) }).meta({ id: 'Invoice' })
const Reading = z.object({ celsius: z.number() }).meta({ id: 'Reading' })
const headers = z.object({ 'x-tenant': z.string() })
const example = { id: '7', lines: [{ cents: 1200 }] }

const paid = webhook.post({
  data: Invoice,
  example,
  deprecated: true,
  summary: 'An invoice was paid',
  tags: ['billing'],
})

const Receipt = z.object({ invoice: Invoice, paid_at: z.iso.datetime() }).meta({ id: 'Receipt' })
const as = ({ invoice }: z.output<typeof Receipt>) => invoice

/** Every kind of webhook: events, whole bodies, headers, responses, one that replaces another and one that nobody sees. */
export const app: Ringback = new Ringback({
  ...{ title: 'Webhooks', version: '1.0.0', tags: [{ name: 'billing', description: 'Money' }] },
  webhooks: {
    'invoice.paid': paid,
    'invoice.paid.v2': webhook.post({ data: Receipt, replaces: { webhook: paid, since: '2026-03-01', as } }),
    'invoice.late': webhook.post({
      data: Invoice,
      headers,
      description: 'It should have been *paid*.',
      tags: ['billing'],
    }),
    'tank.measured': webhook.post({ body: Reading, example: { celsius: 4.5 } }),
    'order.asked': webhook.post({
      data: z.object({ order: z.string() }),
      response: z.object({ taken: z.boolean() }),
      responses: { 410: { description: 'Sold', body: z.object({ until: z.iso.datetime() }) } },
    }),
    secret: webhook.post({ data: z.object({ inside: z.string() }), documented: false }),
  },
})

const told = callback.post('{$callback_url}/told', { body: Invoice })
app.post(
  '/invoices',
  { query: z.object({ callback_url: z.url() }), body: Invoice, callbacks: { told } },
  async function createInvoice() {},
)
