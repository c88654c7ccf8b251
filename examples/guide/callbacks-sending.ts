import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// Headers and query parameters of the callback, and a part of its path that only we know.
const berthFree = callback.post('{$callback_url}/berths/{number}', {
  params: z.object({ number: z.int() }),
  query: z.object({ pier: z.enum(['north', 'south']) }),
  headers: z.object({ 'x-harbour': z.string() }),
  body: z.object({ until: z.iso.date() }),
  async onResponse({ status }, { id }) {
    console.log(`delivered with ${status}, ${id.slice(0, 4)}…`)
  },
  onFailed({ state, attemptCount, status }) {
    console.log(`${state} after ${attemptCount} attempt, ${status}`)
  },
})

app.post(
  '/searches',
  { query: z.object({ callback_url: z.url(), days: z.array(z.iso.date()) }), status: 202, callbacks: { berthFree } },
  async function search({ query, callbacks }) {
    // As often as there is something to say. All of them are stored together.
    for (const [index, until] of query.days.entries()) {
      const options = {
        path: { number: index + 1 },
        query: { pier: 'north' },
        headers: { 'x-harbour': 'Visby' },
      } as const
      const { id, url } = await callbacks.berthFree.send({ until }, options)
      console.log(`stored as ${id.slice(0, 4)}… for ${new URL(url).pathname}`)
    }
  },
)

export const receiver = new Ringback({ title: 'A sailor', version: '1.0.0' })

receiver.post(
  '/events/berths/{number}',
  { headers: z.object({ 'x-harbour': z.string() }), query: z.object({ pier: z.string() }), responses: { 410: {} } },
  async function hear({ params, headers, query, respond, log }) {
    // 410 says: never again.
    if (params.number === '2') return respond(410)
    log.info(`${headers['x-harbour']}: berth ${params.number} at the ${query.pier} pier`)
  },
)

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
