import { Ringback, webhook } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Invoice = z.object({ number: z.string() }).meta({ id: 'Invoice' })

export const app = new Ringback({
  title: 'Invoices',
  version: '1.0.0',
  webhooks: {
    'invoice.created': webhook.post({ data: Invoice }),
    'invoice.paid': webhook.post({ data: Invoice }),
  },
})

// An endpoint as Svix's API gives it, and its key, which an operation of its own gives.
const SvixEndpoint = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string().default(''),
  filterTypes: z.array(z.enum(['invoice.created', 'invoice.paid'])).nullish(),
  channels: z.array(z.string()).nullish(),
  metadata: z.record(z.string(), z.string()).default({}),
  rateLimit: z.number().nullish(),
  createdAt: z.iso.datetime(),
  key: z.string(),
})

const Import = z.object({ owner: z.string(), endpoints: z.array(SvixEndpoint) })

app.post(
  '/internal/import',
  { documented: false, body: Import, response: z.object({ created: z.int(), unchanged: z.int() }) },
  async function importFromSvix({ body: { owner, endpoints } }) {
    return app.endpoints.import(
      endpoints.map(({ filterTypes, channels, rateLimit, createdAt, key, ...same }) => ({
        ...same,
        owner,
        events: filterTypes ?? ['*'],
        channels: channels ?? [],
        ratePerSecond: rateLimit ?? null,
        createdAt: new Date(createdAt),
        secrets: [key],
        // Receivers go on finding svix-id, svix-timestamp and svix-signature.
        headerPrefixes: ['svix'],
        // Until this owner's events are sent from here.
        disabled: true,
      })),
    )
  },
)

// One owner after the other: sending moves, then its endpoints are enabled.
app.post(
  '/internal/owners/{owner}/switch',
  { documented: false, response: z.object({ enabled: z.int() }) },
  async function switchOwner({ params: { owner } }) {
    const { items } = await app.endpoints.list({ owner, limit: 100 })
    for (const { id } of items) await app.endpoints.enable(id, { owner })
    return { enabled: items.length }
  },
)

app.post('/invoices', { body: Invoice, status: 202 }, async function createInvoice({ body, webhooks }) {
  // The event's own id as the key: a send that is repeated makes no second message.
  const idempotencyKey = `created-${body.number}`
  await webhooks['invoice.created'].send(body, { owner: 'richie', idempotencyKey })
})

// A customer's server that looks for Svix's headers.
export const receiver = new Ringback({ title: 'A shop', version: '1.0.0' })

receiver.post(
  '/hooks',
  { headers: z.object({ 'svix-id': z.string(), 'svix-signature': z.string() }), status: 204 },
  async function hear({ headers, log }) {
    log.info(`Heard svix-id and ${headers['svix-signature'].split(',')[0]}`)
  },
)

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
