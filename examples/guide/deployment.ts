import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  trustedProxies: ['127.0.0.1', '::1'],
  // One process sends, the others only store; all have the same store.
  delivery: { worker: process.env['SENDS'] !== 'no' },
})

const docked = callback.post('{$callback_url}/docked', { body: z.object({ boat: z.string() }) })

app.post(
  '/boats/{boat}',
  { operationId: 'dock', query: z.object({ callback_url: z.url() }), status: 202, callbacks: { docked } },
  async function dock({ params, callbacks }) {
    await callbacks.docked.send({ boat: params.boat })
  },
)

// A load balancer asks whether this process is there.
app.get('/health', { documented: false, response: z.object({ waiting: z.int() }) }, async function health({ app }) {
  const { waiting } = await app.deliveries.stats()
  return { waiting: waiting.scheduled }
})

// The platform waits for 30 s after SIGTERM.
if (import.meta.main) await serve(app, { graceMs: 20_000 })
