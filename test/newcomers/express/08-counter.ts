// GET /counter counts until the client goes away.
import { setTimeout } from 'node:timers/promises'
import { eventStream, Ringback, serverSentEvent } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const ended: number[] = []

export const app = new Ringback({ title: 'Counter', version: '1.0.0' })

app.get(
  '/counter',
  {
    query: z.object({ everyMs: z.int().min(1).max(60_000).default(1_000) }),
    response: eventStream(z.object({ count: z.int() })),
  },
  async function* count({ query, signal }) {
    let count = 0
    try {
      for (; ; count++) {
        yield serverSentEvent({ count }, { event: 'count', id: String(count) })
        // Ends the wait at once when the client goes away or the server closes.
        await setTimeout(query.everyMs, undefined, { signal })
      }
    } finally {
      ended.push(count)
    }
  },
)

if (import.meta.main) await serve(app)
