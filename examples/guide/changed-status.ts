import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z.object({ name: z.string() }).meta({ id: 'Boat' })
const boats = new Set<string>()

// The same body, with a status that depends on what was there before.
app.put(
  '/boats/{name}',
  { response: Boat, responses: { 201: { body: Boat } } },
  async function putBoat({ params, respond }) {
    const isNew = !boats.has(params.name)
    boats.add(params.name)
    return respond(isNew ? 201 : 200, { name: params.name })
  },
)

if (import.meta.main) await serve(app)
