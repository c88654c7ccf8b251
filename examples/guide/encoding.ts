import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Instant = z.codec(z.iso.datetime(), z.date(), {
  decode: text => new Date(text),
  encode: date => date.toISOString(),
})
const Arrival = z.object({ boat: z.string(), at: Instant, nights: z.int().default(1) }).meta({ id: 'Arrival' })

// A store that keeps JSON text only.
const store = new Map<string, string>()

app.put(
  '/arrivals/{boat}',
  { body: Arrival.omit({ boat: true }), response: Arrival },
  async function announce({ params, body }) {
    const arrival = { ...body, boat: params.boat }
    // From values of the program to plain JSON, by the schema.
    store.set(params.boat, JSON.stringify(z.encode(Arrival, arrival)))
    return arrival
  },
)

app.get('/arrivals', { response: z.array(Arrival) }, async function listArrivals() {
  // And back: checked and decoded.
  return [...store.values()].map(text => z.decode(Arrival, JSON.parse(text)))
})

if (import.meta.main) await serve(app)
