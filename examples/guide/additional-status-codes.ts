import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z.object({ name: z.string(), length: z.number() }).meta({ id: 'Boat' })
const boats = new Map<string, z.output<typeof Boat>>()

app.put(
  '/boats/{name}',
  {
    body: Boat.omit({ name: true }),
    response: Boat,
    responseDescription: 'The boat was changed',
    responses: {
      201: { description: 'The boat is new', body: Boat, headers: z.object({ location: z.string() }) },
      202: { description: 'The office has to look at it', body: z.object({ ticket: z.int() }) },
    },
  },
  async function putBoat({ params, body, respond }) {
    if (body.length > 20) return respond(202, { ticket: 17 })
    const isNew = !boats.has(params.name)
    const boat = { name: params.name, ...body }
    boats.set(boat.name, boat)
    if (isNew) return respond(201, boat, { headers: { location: `/boats/${encodeURIComponent(boat.name)}` } })
    // A plain value is the main response.
    return boat
  },
)

if (import.meta.main) await serve(app)
