import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// A value that operations ask for, with the parameters that it reads.
const page = dependency(
  { query: z.object({ limit: z.int().min(1).max(100).default(2), offset: z.int().min(0).default(0) }) },
  ({ query }) => ({
    of: <T>(items: readonly T[]): T[] => items.slice(query.offset, query.offset + query.limit),
  }),
)

const names = ['Amelie', 'Bruno', 'Carla', 'Dora']

app.get('/boats', { dependencies: { page }, response: z.array(z.string()) }, async function listBoats({ page }) {
  return page.of(names)
})

app.get('/piers', { dependencies: { page }, response: z.array(z.string()) }, async function listPiers({ page }) {
  return page.of(['north', 'south', 'east'])
})

// One that reads the path, and may refuse the request.
const boat = dependency({ params: z.object({ name: z.string() }) }, async ({ params }) => {
  if (!names.includes(params.name)) throw new HttpError(404, `There is no boat "${params.name}"`)
  return { name: params.name, berth: names.indexOf(params.name) + 1 }
})

const Boat = z.object({ name: z.string(), berth: z.int() })

app.get('/boats/{name}', { dependencies: { boat }, response: Boat }, async function readBoat({ boat }) {
  return boat
})

if (import.meta.main) await serve(app)
