import { setTimeout as wait } from 'node:timers/promises'
import { timeout } from 'hono/timeout'
import { callback, dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// Aborts after 50 ms, and when the client has gone.
const deadline = dependency({}, ({ signal }) => AbortSignal.any([signal, AbortSignal.timeout(50)]))

/** A service that takes as long as it likes, and stops when it is told to. */
const askForTide = (hour: number, signal: AbortSignal): Promise<number> => wait(hour > 12 ? 60_000 : 1, 1.7, { signal })

app.get(
  '/tides/{hour}',
  {
    params: z.object({ hour: z.int() }),
    dependencies: { deadline },
    response: z.number(),
    responses: { 504: { description: 'The tide service takes too long' } },
  },
  async function readTide({ params, deadline }) {
    try {
      return await askForTide(params.hour, deadline)
    } catch (error) {
      if (!deadline.aborted) throw error
      throw new HttpError(504, 'The tide service takes too long')
    }
  },
)

// For all operations below a path, whatever they do: the client gets a 504, but the handler goes on.
app.use('/reports/*', timeout(50))

app.get('/reports/yearly', { response: z.string() }, async function makeReport({ signal }) {
  await wait(1_000, undefined, { signal })
  return 'done'
})

// A handler of a delivery has 50 s. It may run again, so what it does must be the same twice.
const closed = callback.post('{$callback_url}/closed', {
  body: z.object({ pier: z.string() }),
  timeoutMs: 2_000,
  async onResponse({ status }) {
    await (status === 204 ? Promise.resolve() : new Promise(() => {}))
    console.log(`Somebody knows, ${status}`)
  },
})

app.post(
  '/piers/{pier}/close',
  { query: z.object({ callback_url: z.url() }), status: 202, callbacks: { closed } },
  async function closePier({ params, callbacks }) {
    await callbacks.closed.send({ pier: params.pier })
  },
)

export const receiver = new Ringback({ title: 'A sailor', version: '1.0.0' })
receiver.post('/events/closed', { status: 204 }, async function hear() {})

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true, headersTimeoutMs: 5_000, requestTimeoutMs: 60_000 })
}
