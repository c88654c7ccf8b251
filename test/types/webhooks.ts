// Webhooks: what is declared, and what is given to `send`.
import { endpointEvents, everyone, Ringback, Router, webhook } from 'ringback'
import { z } from 'zod'

const Paid = z.object({ invoice_id: z.string(), total: z.number() })
const paid = webhook.post({ data: Paid })
const tagged = webhook.post({ body: Paid, headers: z.object({ 'x-tenant': z.string() }) })
const app = new Ringback({
  title: 'Wrong',
  version: '1.0.0',
  webhooks: { 'invoice.paid': paid, tagged, ...endpointEvents },
})
const data = { invoice_id: '7', total: 1 }
const owner = 'customer-17'

// error: Expected 2 arguments, but got 1.
app.webhooks['invoice.paid'].send(data)
// error: Property 'owner' is missing in type '{ idempotencyKey: string; }'
app.webhooks['invoice.paid'].send(data, { idempotencyKey: 'a' })
// error: Type 'undefined' is not assignable to type 'Owner'.
app.webhooks['invoice.paid'].send(data, { owner: undefined })
// error: Type 'symbol' is not assignable to type 'Owner'.
app.webhooks['invoice.paid'].send(data, { owner: Symbol('everyone') })
// error: Property 'total' is missing in type '{ invoice_id: string; }'
app.webhooks['invoice.paid'].send({ invoice_id: '7' }, { owner })
// error: Type 'string' is not assignable to type 'number'.
app.webhooks['invoice.paid'].send({ invoice_id: '7', total: '1' }, { owner: everyone })
// error: 'recipient' does not exist in type
app.webhooks['invoice.paid'].send(data, { owner, recipient: 'a' })
// error: Property 'invoice.payed' does not exist on type
app.webhooks['invoice.payed'].send(data, { owner })
// error: Property 'headers' is missing in type '{ owner: string; }'
app.webhooks.tagged.send(data, { owner })
// error: Property ''x-tenant'' is missing in type '{}' but required in type '{ 'x-tenant': string; }'.
app.webhooks.tagged.send(data, { owner, headers: {} })
// error: Argument of type '{}' is not assignable to parameter of type 'never'.
app.webhooks['endpoint.failing'].send({}, { owner })

// error: Property 'owner' is missing in type '{ url: string; events: "*"[]; }'
app.endpoints.create({ url: 'https://www.external.org', events: ['*'] })
// error: Type '"invoice.payed"' is not assignable to type
app.endpoints.create({ owner, url: 'https://www.external.org', events: ['invoice.payed'] })
// error: Expected 2 arguments, but got 1.
app.endpoints.get('ep_1')
// error: Type '"invoice.payed"' is not assignable to type
app.endpoints.test('ep_1', { owner, event: 'invoice.payed' })
// error: Property 'owner' is missing in type '{}'
app.messages.list({})

// error: is not assignable to type 'undefined'
webhook.post({ data: Paid, body: Paid })
// error: Property 'total' is missing in type '{ invoice_id: string; }'
webhook.post({ data: Paid, example: { invoice_id: '7' } })
webhook.post({
  data: Paid,
  replaces: {
    webhook: tagged,
    since: '2026-01-31',
    // error: Property 'invoice_id' is missing in type '{ total: number; }'
    as: ({ total }) => ({ total }),
  },
})
webhook.post({
  data: Paid,
  // error: Property 'paid_at' does not exist on type '{ invoice_id: string; total: number; }'.
  replaces: { webhook: tagged, since: '2026-01-31', as: ({ paid_at }) => ({ invoice_id: paid_at, total: 1 }) },
})

const router = new Router({ webhooks: { late: paid } })
router.post('/', { webhooks: { sent: paid } }, async ({ webhooks }) => {
  await webhooks.late.send(data, { owner })
  await webhooks.sent.send(data, { owner })
  // error: Property 'tagged' does not exist on type
  await webhooks.tagged.send(data, { owner })
  // error: Property 'owner' is missing in type '{}'
  await webhooks.sent.send(data, {})
})
app.post('/', {}, async ({ webhooks }) => {
  await webhooks['invoice.paid'].send(data, { owner })
  // error: Property 'sent' does not exist on type
  await webhooks.sent.send(data, { owner })
})
new Ringback({ title: 'None', version: '1.0.0' }).post('/', {}, async ({ webhooks }) => {
  // error: Property 'sent' does not exist on type
  await webhooks.sent.send(data, { owner })
})
