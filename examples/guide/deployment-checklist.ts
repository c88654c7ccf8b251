import { callback, dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { apiKey } from 'ringback/security'
import { z } from 'zod'

const accounts = new Map([['key-of-ada', 'account-ada']])

const tenant = dependency({ dependencies: { key: apiKey({ in: 'header', name: 'X-Api-Key' }) } }, ({ key }) => {
  const account = accounts.get(key)
  if (account === undefined) throw new HttpError(401, 'Unknown key')
  return account
})

// Everything that a deployment should say, in one place.
export const app = new Ringback({
  title: 'Payments',
  version: '1.0.0',
  servers: [{ url: 'https://api.payments.example' }],
  trustedHosts: ['api.payments.example', 'localhost'],
  trustedProxies: ['10.0.0.0/8'],
  delivery: {
    recipient: tenant,
    storeLimitBytes: 10_000_000_000,
    sealBodies: true,
    onFailed: ({ id, url }) => console.error(`Delivery ${id} to ${url} has failed`),
    onOutage: ({ url, state }) => console.error(`The outage of ${url} has ${state}`),
  },
})

// Tells a load balancer whether to send requests here.
app.get('/health', { documented: false, response: z.object({ waiting: z.int() }) }, async function readHealth({ app }) {
  const { waiting } = await app.deliveries.stats()
  return { waiting: waiting.scheduled }
})

const paid = callback.post('{$callback_url}/paid', { body: z.object({ cents: z.int() }) })

app.post(
  '/payments',
  {
    operationId: 'pay',
    query: z.object({ callback_url: z.url() }),
    body: z.object({ cents: z.int() }),
    status: 202,
    callbacks: { paid },
  },
  async function pay({ body, callbacks }) {
    await callbacks.paid.send({ cents: body.cents })
  },
)

if (import.meta.main) await serve(app, { graceMs: 20_000 })
