import { callback, dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { httpBearer } from 'ringback/security'
import { z } from 'zod'

const accounts = new Map([
  ['token-of-ada', 'account-ada'],
  ['token-of-bob', 'account-bob'],
])

const account = dependency({ dependencies: { token: httpBearer() } }, ({ token }) => {
  const id = accounts.get(token)
  if (id === undefined) throw new HttpError(401, 'Unknown token', { headers: { 'www-authenticate': 'Bearer' } })
  return id
})

export const app = new Ringback({
  title: 'Payments',
  version: '1.0.0',
  // For whom each request is made: whose secret signs what it sends.
  delivery: { recipient: account },
})

const paid = callback.post('{$callback_url}/paid', { body: z.object({ cents: z.int() }) })

app.post(
  '/payments',
  { query: z.object({ callback_url: z.url() }), body: z.object({ cents: z.int() }), status: 202, callbacks: { paid } },
  async function pay({ body, callbacks }) {
    await callbacks.paid.send({ cents: body.cents })
  },
)

// Shown only to the account itself.
app.get(
  '/secret',
  { dependencies: { account }, response: z.object({ secret: z.string() }) },
  async function readSecret({ account, app }) {
    return { secret: await app.secretFor(account) }
  },
)

// A leaked secret is replaced; the old one signs as well for an hour.
app.post(
  '/secret/rotation',
  { dependencies: { account }, response: z.object({ secret: z.string() }) },
  async function rotateSecret({ account, app }) {
    return { secret: await app.rotateSecret(account, { overlapSeconds: 3_600 }) }
  },
)

if (import.meta.main) await serve(app, { allowLoopback: true })
