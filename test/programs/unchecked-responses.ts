// Sends one callback and makes one call, and prints the results and which validator was loaded.
import { createRequire } from 'node:module'
import { callback, Ringback } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const lines: string[] = []
const note = (text: string) => lines.push(text)
const log = { debug() {}, info() {}, warn: note, error: note }
const received: unknown[] = []
const app = new Ringback({ title: 'Responses', version: '1.0.0', log })
const options = { response: z.object({ ok: z.boolean() }), retryOnInvalidResponse: true }
const done = callback.post('{$callback_url}/done', { ...options, onResponse: ({ body }) => void received.push(body) })
const asked = callback.post('{$callback_url}/asked', options)
const query = z.object({ callback_url: z.url() })
app.post('/send', { query, callbacks: { done } }, async ({ callbacks }) => {
  await callbacks.done.send()
})
app.post('/call', { query, response: z.unknown(), callbacks: { asked } }, async ({ callbacks }) => {
  return (await callbacks.asked.call()).body
})
const validators = () => Object.keys(createRequire(import.meta.url).cache).filter(path => path.includes('/ajv/')).length

const client = await testClient(app)
client.externalApi('https://www.external.org', () => Response.json({ ok: true }))
const called = await (await client.post('/call?callback_url=https://www.external.org')).json()
const loadedByCall = validators()
for (let sent = 0; sent < 3; sent++) await client.post('/send?callback_url=https://www.external.org')
await client.deliver()
const { items } = await app.deliveries.list()
const delivered = items.map(({ state, attemptCount, responseValid }) => [state, attemptCount, responseValid ?? null])
console.log(JSON.stringify({ called, loadedByCall, delivered, received, lines, loaded: validators() > 0 }))
await client.close()
