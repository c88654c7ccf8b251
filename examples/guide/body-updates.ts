import { HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z
  .object({
    name: z.string(),
    length: z.number(),
    owner: z.string().nullable().default(null),
    sails: z.boolean().default(true),
  })
  .meta({ id: 'Boat' })

const boats = new Map<number, z.output<typeof Boat>>([[1, { name: 'Amelie', length: 9.5, owner: 'Ada', sails: false }]])

function boatOf(id: number): z.output<typeof Boat> {
  const boat = boats.get(id)
  if (boat === undefined) throw new HttpError(404, `There is no boat ${id}`)
  return boat
}

const params = z.object({ id: z.int() })

// PUT replaces the whole: what is left out has its default again.
app.put('/boats/{id}', { params, body: Boat, response: Boat }, async function replaceBoat({ params, body }) {
  boatOf(params.id)
  boats.set(params.id, body)
  return body
})

// PATCH changes what was sent: `sent` is the body without the schema's defaults.
app.patch('/boats/{id}', { params, body: Boat.partial(), response: Boat }, async function changeBoat({ params, sent }) {
  const boat = { ...boatOf(params.id), ...sent }
  boats.set(params.id, boat)
  return boat
})

if (import.meta.main) await serve(app)
