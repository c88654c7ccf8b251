import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Payments', version: '1.0.0' })

const paid = callback.post('{$callback_url}/paid', { body: z.object({ cents: z.int() }) })

app.post(
  '/payments',
  { query: z.object({ callback_url: z.url() }), body: z.object({ cents: z.int() }), status: 202, callbacks: { paid } },
  async function pay({ body, callbacks }) {
    await callbacks.paid.send({ cents: body.cents })
  },
)

// What an operator's page would ask. Let nobody else reach it.
app.get(
  '/internal/deliveries',
  { documented: false, response: z.array(z.unknown()) },
  async function listDeliveries({ app }) {
    const { items } = await app.deliveries.list({ limit: 10 })
    const details = await Promise.all(items.map(({ id }) => app.deliveries.get(id)))
    return details.map(one => ({
      state: one?.state,
      url: one?.url,
      attempts: one?.attempts.map(({ status }) => status),
    }))
  },
)

// Last night's failures, once more.
app.post(
  '/internal/replays',
  { documented: false, response: z.object({ replayed: z.int() }) },
  async function replayFailed({ app }) {
    const { finished } = await app.deliveries.replayAll({
      state: ['failed', 'blocked'],
      // By the default schedule a delivery fails up to 84 hours after it was sent.
      since: Date.now() - 5 * 86_400_000,
    })
    return finished()
  },
)

let isBroken = true

export const receiver = new Ringback({ title: 'A shop', version: '1.0.0' })

receiver.post(
  '/events/paid',
  { body: z.object({ cents: z.int() }), responses: { 410: {} } },
  async function hear({ body, respond, log }) {
    if (isBroken) {
      isBroken = false
      return respond(410)
    }
    log.info(`Paid: ${body.cents}`)
  },
)

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
