import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Items', version: '1.0.0' })

const Item = z.object({ name: z.string(), colour: z.string() })
const colours = ['red', 'green', 'blue'] as const
const items = Array.from({ length: 300 }, (_, index) => ({
  name: `item ${index}`,
  colour: colours[index % 3] ?? 'red',
  secret: 'never shown',
}))

const Filter = z.object({
  limit: z.int().min(1).max(100).default(20),
  // ?colour=red&colour=blue
  colour: z.array(z.enum(colours)).optional(),
})

app.get('/items', { query: Filter, response: z.array(Item) }, async function listItems({ query }) {
  const { limit, colour } = query
  return items.filter(item => colour === undefined || colour.some(one => one === item.colour)).slice(0, limit)
})

if (import.meta.main) await serve(app)
