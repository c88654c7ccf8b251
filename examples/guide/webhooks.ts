import { dependency, endpointRoutes, HttpError, Ringback, webhook } from 'ringback'
import { serve } from 'ringback/node'
import { apiKey } from 'ringback/security'
import { z } from 'zod'

const Invoice = z.object({ number: z.string(), total: z.number() }).meta({ id: 'Invoice' })

export const app = new Ringback({
  title: 'Invoices',
  version: '1.0.0',
  webhooks: {
    'invoice.created': webhook.post({
      data: Invoice,
      summary: 'An invoice was created',
      example: { number: '2expen51ve', total: 9999 },
    }),
    'invoice.paid': webhook.post({ data: Invoice, summary: 'An invoice was paid' }),
  },
})

// Who calls: every customer has a key.
const customers = new Map([
  ['key-of-richie', 'richie'],
  ['key-of-ada', 'ada'],
])
const key = apiKey({ in: 'header', name: 'X-API-Key' })
const customer = dependency({ dependencies: { key } }, ({ key }) => {
  const name = customers.get(key)
  if (name === undefined) throw new HttpError(401, 'Unknown key')
  return name
})

app.post(
  '/invoices',
  { dependencies: { customer }, body: Invoice, status: 201, response: Invoice },
  async function createInvoice({ body, customer, webhooks }) {
    // To all endpoints of this customer that have chosen the event, and to no others.
    await webhooks['invoice.created'].send(body, { owner: customer })
    return body
  },
)

// Sixteen operations with which customers look after their endpoints.
app.include(endpointRoutes({ owner: customer, prefix: '/webhooks', tags: ['webhooks'] }))

// A customer's server.
export const receiver = new Ringback({ title: 'A shop', version: '1.0.0' })

receiver.post('/hooks', { body: z.object({ type: z.string() }), status: 204 }, async function hear({ body, log }) {
  log.info(`Heard ${body.type}`)
})

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
