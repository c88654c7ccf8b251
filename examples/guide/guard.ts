import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  delivery: {
    destinations: {
      // Your own network, where you mean it: names, addresses, blocks.
      allow: ['hooks.harbour.internal', '10.20.0.0/16'],
      // And what nobody may call.
      deny: ['*.competitor.example'],
      // In production perhaps https alone.
      schemes: ['https', 'http'],
      // The last word on every attempt; it may wait.
      check: async ({ url }) => !url.hostname.endsWith('.test'),
    },
  },
})

const done = callback.post('{$callback_url}/done', { body: z.object({ text: z.string() }) })

app.post(
  '/jobs',
  { query: z.object({ callback_url: z.url() }), status: 202, callbacks: { done } },
  async function addJob({ callbacks }) {
    await callbacks.done.send({ text: 'done' }, { delayMs: 3_600_000 })
  },
)

if (import.meta.main) await serve(app)
