import { randomBytes } from 'node:crypto'
import { dependency, endpointRoutes, Ringback, webhook } from 'ringback'
import { serve } from 'ringback/node'
import { required, sessionCookie } from 'ringback/security'
import { z } from 'zod'

const Invoice = z.object({ id: z.string(), customer: z.string(), total: z.number() }).meta({ id: 'Invoice' })
const example = { id: '2expen51ve', customer: 'Mr. Richie Rich', total: 9999 }

export const app = new Ringback({
  title: 'Invoices',
  version: '1.0.0',
  webhooks: {
    'invoice.created': webhook.post({ data: Invoice, summary: 'An invoice was created', example }),
    'invoice.paid': webhook.post({ data: Invoice, summary: 'An invoice was paid', example }),
  },
})

const session = sessionCookie(z.object({ company: z.string() }), {
  secret: process.env['SESSION_SECRET'] ?? randomBytes(32).toString('base64'),
  maxAgeSeconds: 86_400,
})

// Whose endpoints and invoices these are: the one place that says it.
const company = dependency({ dependencies: { me: required(session) } }, ({ me }) => me.company)

// A real application asks for a password.
app.post(
  '/login',
  { body: z.object({ company: z.enum(['Rich & Sons', 'Ada Ltd']) }), dependencies: { session }, status: 204 },
  async function logIn({ body, session }) {
    session.set(body)
  },
)

app.get('/me', { dependencies: { company }, response: z.object({ company: z.string() }) }, async function readMe(me) {
  return { company: me.company }
})

app.post(
  '/invoices',
  { dependencies: { company }, body: Invoice, status: 201, response: Invoice },
  async function createInvoice({ body, company, webhooks }) {
    await webhooks['invoice.created'].send(body, { owner: company })
    return body
  },
)

app.include(endpointRoutes({ owner: company, prefix: '/webhooks', tags: ['webhooks'] }))
app.static('/', new URL('./screen/', import.meta.url))

// Customers on this machine may be called, which is only for trying it out.
if (import.meta.main) await serve(app, { allowLoopback: true })
