import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Payments', version: '1.0.0' })

/** What became of payments. */
export const settled: string[] = []

const paid = callback.post('{$callback_url}/payments/{$request.body.id}', {
  body: z.object({ paid: z.boolean() }),
  response: z.object({ ok: z.boolean() }),
  onResponse: ({ status, body }) => void settled.push(`${status} ${body?.ok}`),
  onFailed: ({ attemptCount }) => void settled.push(`failed after ${attemptCount}`),
})

app.post(
  '/payments',
  {
    query: z.object({ callback_url: z.url().optional() }),
    body: z.object({ id: z.string(), cents: z.int() }),
    status: 202,
    callbacks: { paid },
  },
  async function pay({ body, callbacks }) {
    await callbacks.paid?.send({ paid: body.cents < 100_000 }, { delayMs: 60_000 })
  },
)

if (import.meta.main) await serve(app, { allowLoopback: true })
