import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const { versions } = process
const runtime = versions['bun'] === undefined ? (versions['deno'] === undefined ? 'node' : 'deno') : 'bun'

const docked = callback.post('{$callback_url}/docked', { body: z.object({ boat: z.string() }) })

app.post(
  '/boats/{boat}',
  { query: z.object({ callback_url: z.url() }), response: z.string(), callbacks: { docked } },
  async function dock({ params, callbacks }) {
    await callbacks.docked.send({ boat: params.boat })
    return `Stored by ${runtime}`
  },
)

export const receiver = new Ringback({ title: 'A sailor', version: '1.0.0' })

receiver.post(
  '/events/docked',
  { body: z.object({ boat: z.string() }), status: 204 },
  async function hear({ body, log }) {
    log.info('Docked', body)
  },
)

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
