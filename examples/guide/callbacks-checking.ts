import { callback, Ringback, Router } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Surveys', version: '1.0.0' })

const Order = z.object({
  boat: z.string(),
  hooks: z.object({ done: z.url(), failed: z.url().optional() }),
})

// Both URLs are in the body; the second one may be missing.
const done = callback.post('{$request.body.hooks.done}', { body: z.object({ passed: z.boolean() }) })
const failed = callback.post('{$request.body.hooks.failed}', { body: z.object({ reason: z.string() }) })

app.post(
  '/surveys',
  { body: Order, status: 202, callbacks: { done, failed } },
  async function orderSurvey({ body, callbacks }) {
    if (body.boat === 'Titanic') await callbacks.failed?.send({ reason: 'It is not there any more' })
    else await callbacks.done.send({ passed: true })
  },
)

// A set of callbacks for all operations of a router, each of which must give what they read.
const notified = callback.put('{$notify_url}/notices', { body: z.object({ text: z.string() }) })
const notices = new Router({ prefix: '/notices', callbacks: { notified } })

notices.post('/storm', { query: z.object({ notify_url: z.url() }), status: 204 }, async function warn({ callbacks }) {
  await callbacks.notified.send({ text: 'A storm is coming' })
})

app.include(notices)

// The receiver of all of them.
export const receiver = new Ringback({ title: 'A shipyard', version: '1.0.0' })
const params = z.object({ path: z.string() })
for (const method of ['post', 'put'] as const)
  receiver[method](`/{path*}`, { params, body: z.unknown(), status: 204 }, async function hear({ params, body, log }) {
    log.info(`${method} ${params.path}: ${JSON.stringify(body)}`)
  })

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
