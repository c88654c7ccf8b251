// An application with secrets everywhere it takes them, which reports every event.
import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Secrets', version: '1.0.0', delivery: { retryDelaysSeconds: [0, 0.05] } })
const query = z.object({ callback_url: z.url(), authorization: z.string(), recipient: z.string() })
const changed = callback.post('{$callback_url}/changed', { body: z.object({ ok: z.boolean() }) })

app.post('/send', { query, callbacks: { changed } }, async function send({ query, callbacks }) {
  const { authorization, recipient } = query
  await callbacks.changed.send({ ok: true }, { headers: { authorization, 'x-api-key': authorization }, recipient })
})
app.post('/call', { query, callbacks: { changed } }, async function call({ query, callbacks }) {
  await callbacks.changed.call({ ok: true }, { headers: { authorization: query.authorization } })
})
app.post('/throw', { query }, async function fail() {
  throw new Error('The handler failed')
})
for (const name of [
  'delivery.created',
  'attempt.started',
  'attempt.finished',
  'delivery.settled',
  'destination.opened',
  'destination.closed',
  'worker.error',
] as const)
  app.on(name, event => {
    console.log(name, JSON.stringify(event))
    if (name === 'delivery.settled') process.send?.({ settled: true })
  })

if (import.meta.main) {
  const server = await serve(app, { port: 0, host: '127.0.0.1', allowLoopback: true })
  process.send?.({ url: server.url })
}
