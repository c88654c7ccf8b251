import { callback, Ringback } from 'ringback'
import { CallbackResponseError, CallbackTimeoutError, CallbackUnreachableError } from 'ringback/errors'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// A question that the client's own system has to decide, now.
const mayEnter = callback.post('{$callback_url}/decisions', {
  body: z.object({ boat: z.string(), length: z.number() }),
  response: z.object({ allowed: z.boolean() }),
  responses: { 404: { description: 'The boat is not known', body: z.object({ boat: z.string() }) } },
  timeoutMs: 2_000,
})

app.post(
  '/arrivals',
  {
    query: z.object({ callback_url: z.url() }),
    body: z.object({ boat: z.string(), length: z.number() }),
    response: z.object({ text: z.string() }),
    callbacks: { mayEnter },
  },
  async function arrive({ body, callbacks }) {
    try {
      const decision = await callbacks.mayEnter.call(body)
      if (decision.status === 404) return { text: `Nobody knows ${decision.body.boat}` }
      return { text: decision.body.allowed ? 'Welcome' : 'Not today' }
    } catch (error) {
      // Not everything has to be the client's 502.
      if (error instanceof CallbackTimeoutError || error instanceof CallbackUnreachableError)
        return { text: 'Wait outside' }
      if (error instanceof CallbackResponseError) return { text: 'They said something odd' }
      throw error
    }
  },
)

export const receiver = new Ringback({ title: 'A guard', version: '1.0.0' })

receiver.post(
  '/decisions',
  { body: z.object({ boat: z.string(), length: z.number() }) },
  async function decide({ body }) {
    if (body.boat === 'Ghost') return Response.json({ boat: body.boat }, { status: 404 })
    if (body.boat === 'Odd') return Response.json({ maybe: 1 })
    return Response.json({ allowed: body.length < 20 })
  },
)

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
