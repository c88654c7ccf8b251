import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  servers: [{ url: 'http://localhost:8000' }],
  // boats-list, boats-add: what a generated client calls its methods.
  generateOperationId: ({ tags, handlerName }) => `${tags[0]}-${handlerName}`,
})

const NewBoat = z.object({ name: z.string(), nights: z.int().default(1) }).meta({ id: 'NewBoat' })
const SailingBoat = z
  .object({ kind: z.literal('sailing'), name: z.string(), sails: z.int() })
  .meta({ id: 'SailingBoat' })
const MotorBoat = z.object({ kind: z.literal('motor'), name: z.string(), power: z.number() }).meta({ id: 'MotorBoat' })
const Boat = z.discriminatedUnion('kind', [SailingBoat, MotorBoat]).meta({ id: 'Boat' })

app.get(
  '/boats',
  { tags: ['boats'], query: z.object({ longest: z.number().optional() }), response: z.array(Boat) },
  async function list() {
    return [{ kind: 'sailing', name: 'Amelie', sails: 3 }]
  },
)

app.post(
  '/boats',
  {
    tags: ['boats'],
    body: NewBoat,
    status: 201,
    response: Boat,
    responses: { 409: { description: 'It is there already' } },
  },
  async function add({ body }) {
    return { kind: 'motor', name: body.name, power: 55 }
  },
)

if (import.meta.main) await serve(app)
