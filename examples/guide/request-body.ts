import { HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z
  .object({
    name: z.string(),
    length: z.number(),
    owner: z.string().optional(),
    sails: z.boolean().default(true),
  })
  .meta({ id: 'Boat' })
const StoredBoat = Boat.extend({ id: z.int() }).meta({ id: 'StoredBoat' })

const boats = new Map<number, z.output<typeof StoredBoat>>()

app.post('/boats', { body: Boat, status: 201, response: StoredBoat }, async function addBoat({ body }) {
  const boat = { id: boats.size + 1, ...body }
  boats.set(boat.id, boat)
  return boat
})

// Path, query and body together: each part has its own schema.
app.put(
  '/boats/{id}',
  {
    params: z.object({ id: z.int() }),
    query: z.object({ notify: z.boolean().default(false) }),
    body: Boat,
    response: StoredBoat,
  },
  async function replaceBoat({ params, query, body, log }) {
    if (!boats.has(params.id)) throw new HttpError(404, `There is no boat ${params.id}`)
    const boat = { id: params.id, ...body }
    boats.set(boat.id, boat)
    if (query.notify) log.info('A boat was replaced', { id: boat.id })
    return boat
  },
)

if (import.meta.main) await serve(app)
