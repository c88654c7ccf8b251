import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  // For all callbacks: waits before each attempt, and how long one may take.
  delivery: { retryDelaysSeconds: [0, 30, 600, 3_600], timeoutMs: 10_000 },
})

const reminder = callback.post('{$callback_url}/reminders', {
  body: z.object({ boat: z.string(), leaves: z.iso.datetime() }),
  // For this one: three attempts, and no more after a 422.
  retryDelaysSeconds: [0, 10, 60],
  finalStatuses: [410, 422],
})

app.post(
  '/departures',
  {
    query: z.object({ callback_url: z.url() }),
    body: z.object({ boat: z.string(), leaves: z.iso.datetime() }),
    status: 202,
    callbacks: { reminder },
  },
  async function announceDeparture({ body, callbacks }) {
    const leaves = new Date(body.leaves)
    await callbacks.reminder.send(body, {
      // An hour before; at once if that is past.
      at: new Date(leaves.getTime() - 3_600_000),
      // Of no use once the boat has left.
      expiresAt: leaves,
    })
  },
)

if (import.meta.main) await serve(app, { allowLoopback: true })
