import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z
  .object({
    name: z.string().min(1).max(40).meta({ title: 'Name', description: 'As it is painted on the stern' }),
    length: z.number().gt(0).meta({ description: 'In metres, over all' }),
    draught: z
      .number()
      .gt(0)
      .max(9)
      .optional()
      .meta({ description: 'In metres; deep boats cannot use the south pier' }),
    crew: z.int().min(1).default(2),
    notes: z.string().max(500).nullable().default(null),
    // Old clients still send it.
    color: z.string().optional().meta({ deprecated: true, description: 'Use `notes`' }),
  })
  .meta({ id: 'Boat', description: 'A boat that wants a berth' })
  // A rule between two fields, told at one of them.
  .refine(({ draught, length }) => draught === undefined || draught < length, {
    message: 'A boat is longer than deep',
    path: ['draught'],
  })

app.post('/boats', { body: Boat, status: 201, response: Boat }, async function addBoat({ body }) {
  return body
})

if (import.meta.main) await serve(app)
