import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const docked = callback.post('{$callback_url}/docked', { body: z.object({ boat: z.string() }) })

app.post(
  '/boats/{boat}',
  { operationId: 'dock', query: z.object({ callback_url: z.url() }), status: 202, callbacks: { docked } },
  async function dock({ params, callbacks }) {
    await callbacks.docked.send({ boat: params.boat })
  },
)

// The container is well if its store responds.
app.get('/health', { documented: false, response: z.object({ waiting: z.int() }) }, async function health({ app }) {
  const { waiting } = await app.deliveries.stats()
  return { waiting: waiting.scheduled }
})

// PORT says where it listens; SIGTERM, which `docker stop` sends, ends it.
if (import.meta.main) await serve(app, { health: true })
