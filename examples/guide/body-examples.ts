import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z
  .object({
    // An example of one value.
    name: z.string().meta({ examples: ['Amelie'] }),
    length: z.number().meta({ examples: [9.5] }),
  })
  // Examples of the whole, wherever the schema is used.
  .meta({ id: 'Boat', examples: [{ name: 'Amelie', length: 9.5 }] })

// Named examples of this operation's body: /docs lets you choose one.
app.post(
  '/boats',
  {
    body: Boat,
    examples: {
      small: { summary: 'A small boat', value: { name: 'Bruno', length: 4 } },
      long: {
        summary: 'A long boat',
        description: 'Longer than **20 m**: it gets a berth at the *outer pier*.',
        value: { name: 'Carla', length: 24 },
      },
    },
    status: 201,
    response: Boat,
  },
  async function addBoat({ body }) {
    return body
  },
)

// Examples of a parameter stand at its schema.
const Search = z.object({ text: z.string().meta({ examples: ['ame', 'bru'] }) })

app.get('/boats', { query: Search, response: z.array(Boat) }, async function findBoats({ query }) {
  return [{ name: `${query.text}…`, length: 9.5 }]
})

if (import.meta.main) await serve(app)
