import { createHmac } from 'node:crypto'
import { callback, Ringback } from 'ringback'
import type { AttemptHeaders } from 'ringback/delivery'
import { serve } from 'ringback/node'
import { z } from 'zod'

/** A signature that receivers of an older system know, beside `webhook-signature`. */
const oldSignature: AttemptHeaders = ({ body }) => {
  const mac = createHmac('sha256', process.env['OLD_SECRET'] ?? 'the old secret')
    .update(body)
    .digest('hex')
  return { 'x-hub-signature-256': `sha256=${mac}` }
}

let granted = 0

/** Asks for a token; in earnest an authorization server does. */
async function requestToken(): Promise<{ value: string; until: number }> {
  return { value: `token-${++granted}`, until: Math.floor(Date.now() / 1000) + 3_600 }
}

let token: Promise<{ value: string; until: number }> | undefined

/** One token for all attempts, until it expires or a receiver refuses it. */
const bearer: AttemptHeaders = async ({ timestamp, lastStatus }) => {
  const known = await token
  if (known === undefined || known.until <= timestamp || lastStatus === 401) token = requestToken()
  return { authorization: `Bearer ${(await token)?.value}` }
}

export const app = new Ringback({
  title: 'Payments',
  version: '1.0.0',
  delivery: { attemptHeaders: async attempt => ({ ...(await bearer(attempt)), ...(await oldSignature(attempt)) }) },
})

const paid = callback.post('{$callback_url}/paid', { body: z.object({ cents: z.int() }) })

app.post(
  '/payments',
  { query: z.object({ callback_url: z.url() }), body: z.object({ cents: z.int() }), status: 202, callbacks: { paid } },
  async function pay({ body, callbacks }) {
    await callbacks.paid.send({ cents: body.cents })
  },
)

export const receiver = new Ringback({ title: 'A shop', version: '1.0.0' })

receiver.post('/events/paid', { status: 204 }, async function hear({ request, log }) {
  log.info(`${request.headers.get('authorization')}, ${request.headers.get('x-hub-signature-256')?.slice(0, 15)}`)
})

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
