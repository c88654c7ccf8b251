import { Ringback, webhook } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Arrival = z.object({ boat: z.string(), berth: z.int() }).meta({ id: 'Arrival' })

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  webhooks: {
    // With `data`, the body is { type, timestamp, data }.
    'boat.arrived': webhook.post({
      data: Arrival,
      summary: 'A boat has arrived',
      example: { boat: 'Amelie', berth: 7 },
    }),
    // With `body`, it is exactly this.
    'storm.warning': webhook.post({
      body: z.object({ beaufort: z.int() }),
      summary: 'A storm is coming',
      response: z.object({ heard: z.boolean() }),
    }),
  },
})

app.get('/boats', { response: z.array(z.string()) }, async function listBoats() {
  return ['Amelie']
})

if (import.meta.main) await serve(app)
