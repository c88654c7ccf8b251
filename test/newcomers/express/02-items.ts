// GET /items?limit=5&tag=sea&tag=quiet
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Item = z.object({ id: z.int(), tag: z.string() })
const tags = ['sea', 'quiet', 'loud']
const items = Array.from({ length: 150 }, (_, id) => ({ id, tag: tags[id % tags.length] ?? 'sea' }))

const ItemQuery = z.object({
  limit: z.int().min(1).max(100).default(20),
  tag: z.array(z.enum(['sea', 'quiet', 'loud'])).optional(),
})

export const app = new Ringback({ title: 'Items', version: '1.0.0' })

app.get('/items', { query: ItemQuery, response: z.array(Item) }, async function listItems({ query }) {
  const wanted: string[] | undefined = query.tag
  return items.filter(({ tag }) => wanted === undefined || wanted.includes(tag)).slice(0, query.limit)
})

if (import.meta.main) await serve(app)
