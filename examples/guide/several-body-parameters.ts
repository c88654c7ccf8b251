import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z.object({ name: z.string(), length: z.number() }).meta({ id: 'Boat' })
const Skipper = z.object({ name: z.string(), phone: z.string().optional() }).meta({ id: 'Skipper' })

// Several things in one body are the properties of one schema.
const Arrival = z.object({
  boat: Boat,
  skipper: Skipper,
  nights: z.int().min(1).default(1),
})

app.post(
  '/arrivals',
  { body: Arrival, status: 201, response: z.object({ berth: z.int(), text: z.string() }) },
  async function announceArrival({ body }) {
    const { boat, skipper, nights } = body
    return { berth: 7, text: `${skipper.name} stays ${nights} nights with ${boat.name}` }
  },
)

// One thing under a name: {"boat": {…}} instead of {…}.
app.put(
  '/berths/{berth}/boat',
  { params: z.object({ berth: z.int() }), body: z.object({ boat: Boat }), response: Boat },
  async function changeBoat({ body }) {
    return body.boat
  },
)

// A value alone is a body, too.
app.put('/motto', { body: z.string().max(100), response: z.string() }, async function changeMotto({ body }) {
  return body.toUpperCase()
})

if (import.meta.main) await serve(app)
