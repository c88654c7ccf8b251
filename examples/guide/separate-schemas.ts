import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// Sent without `nights`, it comes back with it.
const Visit = z.object({ boat: z.string(), nights: z.int().default(1) }).meta({ id: 'Visit' })

app.post('/visits', { body: Visit, response: Visit }, async function addVisit({ body }) {
  return body
})

// The same on both sides: no default, so there is one schema.
const Berth = z.object({ number: z.int(), boat: z.string().optional() }).meta({ id: 'Berth' })

app.put('/berths', { body: Berth, response: Berth }, async function putBerth({ body }) {
  return body
})

if (import.meta.main) await serve(app)
