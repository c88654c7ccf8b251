import { Ringback } from 'ringback'
import { createDelivery, memoryStore } from 'ringback/delivery'
import { serve } from 'ringback/node'
import { generateSecret } from 'ringback/signature'
import { z } from 'zod'

// The engine alone: for a job, another framework, or events that no request caused.
// A job that must survive a restart uses sqliteStore({ path }) of ringback/sqlite.
const delivery = createDelivery({
  store: memoryStore(),
  signing: { masterSecret: process.env['RINGBACK_MASTER_SECRET'] ?? generateSecret() },
  destinations: { allow: ['localhost'] },
})
delivery.on('delivery.settled', ({ state, url }) => console.log(`${state}: ${new URL(url).pathname}`))

/** Tells a destination that a boat has arrived. Resolves when it is stored. */
export async function tellArrival(destination: string, boat: string): Promise<string> {
  const { id } = await delivery.send({
    operation: 'arrivals',
    callback: 'arrived',
    method: 'POST',
    destination,
    url: `${destination}/arrivals`,
    body: new TextEncoder().encode(JSON.stringify({ boat })),
    idempotencyKey: `arrival of ${boat}`,
  })
  return id
}

// Any framework: here one operation that uses the function.
export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  async *lifespan() {
    await delivery.start()
    yield
    await delivery.close()
  },
})

app.post(
  '/arrivals/{boat}',
  { query: z.object({ tell: z.url() }), status: 202, response: z.object({ delivery: z.string() }) },
  async function arrive({ params, query }) {
    return { delivery: await tellArrival(query.tell, params.boat) }
  },
)

export const receiver = new Ringback({ title: 'A shop', version: '1.0.0' })

receiver.post(
  '/events/arrivals',
  { body: z.object({ boat: z.string() }), status: 204 },
  async function hear({ body, log }) {
    log.info(`${body.boat} has arrived`)
  },
)

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app)
}
