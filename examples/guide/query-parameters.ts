import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z.object({ name: z.string(), length: z.number(), flag: z.string(), sails: z.boolean() })
const boats = [
  { name: 'Amelie', length: 9.5, flag: 'SE', sails: true },
  { name: 'Bruno', length: 14, flag: 'DE', sails: false },
  { name: 'Carla', length: 11, flag: 'SE', sails: true },
]

const BoatFilter = z.object({
  // Each request has to send it.
  flag: z.string(),
  // Left out, it is undefined.
  sails: z.boolean().optional(),
  // Left out, it has this value.
  longest: z.number().default(20),
  // Repeated: ?name=Amelie&name=Carla
  name: z.array(z.string()).optional(),
})

app.get('/boats', { query: BoatFilter, response: z.array(Boat) }, async function listBoats({ query }) {
  return boats
    .filter(({ flag }) => flag === query.flag)
    .filter(({ sails }) => query.sails === undefined || sails === query.sails)
    .filter(({ length }) => length <= query.longest)
    .filter(({ name }) => query.name === undefined || query.name.includes(name))
})

// An object in the query: ?length[from]=10&length[to]=12
const Range = z.object({ from: z.number(), to: z.number() })

app.get(
  '/boats/by-length',
  { query: z.object({ length: Range }), response: z.array(z.string()) },
  async function listBoatsByLength({ query }) {
    const { from, to } = query.length
    return boats.filter(({ length }) => length >= from && length <= to).map(({ name }) => name)
  },
)

if (import.meta.main) await serve(app)
