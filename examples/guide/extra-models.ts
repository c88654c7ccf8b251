import { HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// One base, and what each side adds.
const Named = z.object({ name: z.string(), flag: z.string().length(2) })
const NewBoat = Named.extend({ pin: z.string().length(4) }).meta({ id: 'NewBoat' })
const SailingBoat = Named.extend({ kind: z.literal('sailing'), sails: z.int() }).meta({ id: 'SailingBoat' })
const MotorBoat = Named.extend({ kind: z.literal('motor'), power: z.number() }).meta({ id: 'MotorBoat' })

// One of two: told apart by `kind`.
const Boat = z.discriminatedUnion('kind', [SailingBoat, MotorBoat]).meta({ id: 'Boat' })

const boats: z.output<typeof Boat>[] = [
  { kind: 'sailing', name: 'Amelie', flag: 'SE', sails: 3 },
  { kind: 'motor', name: 'Bruno', flag: 'DE', power: 55 },
]

app.get('/boats', { response: z.array(Boat) }, async function listBoats() {
  return boats
})

app.get('/boats/{name}', { response: Boat, responses: { 404: {} } }, async function readBoat({ params }) {
  const boat = boats.find(({ name }) => name === params.name)
  if (boat === undefined) throw new HttpError(404, `There is no boat "${params.name}"`)
  return boat
})

app.post('/boats', { body: NewBoat, status: 201, response: SailingBoat }, async function addBoat({ body }) {
  return { ...body, kind: 'sailing', sails: 1 }
})

// Names that only the data knows.
app.get('/lengths', { response: z.record(z.string(), z.number()) }, async function listLengths() {
  return { Amelie: 9.5, Bruno: 14 }
})

if (import.meta.main) await serve(app)
