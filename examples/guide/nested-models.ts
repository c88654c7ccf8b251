import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Photo = z.object({ url: z.url(), caption: z.string() }).meta({ id: 'Photo' })

// A schema that holds itself: a getter stands for what is not yet there.
const Part = z
  .object({
    name: z.string(),
    get parts() {
      return z.array(Part).optional()
    },
  })
  .meta({ id: 'Part' })

const Boat = z.object({
  name: z.string(),
  photos: z.array(Photo).max(10).default([]),
  // A list in which nothing may stand twice.
  flags: z
    .array(z.string().length(2))
    .refine(flags => new Set(flags).size === flags.length, 'A flag stands there twice'),
  // Names of the client's choice, and what may stand under them.
  insurance: z.record(z.string(), z.object({ until: z.iso.date() })),
  equipment: z.array(Part),
  // One of several forms, told apart by one field.
  engine: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('electric'), kilowattHours: z.number() }),
    z.object({ kind: z.literal('diesel'), litres: z.number() }),
  ]),
})

app.post('/boats', { body: Boat, status: 201, response: Boat }, async function addBoat({ body }) {
  return body
})

// A list as the whole body.
app.post('/photos', { body: z.array(Photo).max(100), response: z.int() }, async function addPhotos({ body }) {
  return body.length
})

if (import.meta.main) await serve(app)
