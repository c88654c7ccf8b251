import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z.object({ name: z.string(), length: z.number() }).meta({ id: 'Boat' })
type Boat = z.output<typeof Boat>

/** What can be done with the boats of one pier. */
class Pier {
  readonly #boats: Map<string, Boat>
  readonly name: string

  constructor(name: string, boats: Map<string, Boat>) {
    this.name = name
    this.#boats = boats
  }

  list(longest: number): Boat[] {
    return [...this.#boats.values()].filter(({ length }) => length <= longest)
  }

  add(boat: Boat): Boat {
    this.#boats.set(boat.name, boat)
    return boat
  }
}

const boatsOf = new Map([
  ['north', new Map<string, Boat>()],
  ['south', new Map<string, Boat>()],
])

// The dependency makes an object of the class.
const pier = dependency({ params: z.object({ pier: z.string() }) }, ({ params }) => {
  const boats = boatsOf.get(params.pier)
  if (boats === undefined) throw new HttpError(404, `There is no pier "${params.pier}"`)
  return new Pier(params.pier, boats)
})

app.post(
  '/piers/{pier}/boats',
  { dependencies: { pier }, body: Boat, status: 201, response: Boat },
  async function addBoat({ pier, body }) {
    return pier.add(body)
  },
)

app.get(
  '/piers/{pier}/boats',
  { dependencies: { pier }, query: z.object({ longest: z.number().default(99) }), response: z.array(Boat) },
  async function listBoats({ pier, query }) {
    return pier.list(query.longest)
  },
)

if (import.meta.main) await serve(app)
