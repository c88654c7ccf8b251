import { setTimeout as wait } from 'node:timers/promises'
import { eventStream, Ringback, serverSentEvent } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Counter', version: '1.0.0' })

/** How many counters are running, and a promise of the end of the last one, for the test. */
export const running = { now: 0, ended: Promise.withResolvers<void>() }

app.get(
  '/counter',
  { query: z.object({ everyMs: z.int().min(0).default(1_000) }), response: eventStream(z.object({ count: z.int() })) },
  async function* watchCounter({ query, signal }) {
    running.now++
    try {
      for (let count = 1; !signal.aborted; count++) {
        yield serverSentEvent({ count }, { event: 'count', id: String(count) })
        // Without the signal, nobody could interrupt the wait.
        await wait(query.everyMs, undefined, { signal }).catch(() => undefined)
      }
    } finally {
      running.now--
      running.ended.resolve()
    }
  },
)

if (import.meta.main) await serve(app)
