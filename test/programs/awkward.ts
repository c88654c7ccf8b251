// Applications with every construct that a generator of clients is known to refuse.
import { callback, Ringback } from 'ringback'
import { z } from 'zod'

const Card = z.object({ kind: z.literal('card'), number: z.string() }).meta({ id: 'Card' })
const Transfer = z.object({ kind: z.literal('transfer'), iban: z.string() }).meta({ id: 'Transfer' })
const Numbered = z.object({ kind: z.literal(3), iban: z.string() }).meta({ id: 'Numbered' })

/** Everything that a generator is known to refuse. */
const awkward = z.object({
  id: z.string(),
  geo: z.tuple([z.number(), z.string()]),
  point: z.tuple([z.number(), z.number()]),
  nothing: z.tuple([]),
  total: z.number().int(),
  status: z.enum(['draft', 'open']).nullable().default('draft'),
  level: z.literal([1, 2, 3]),
  either: z.union([z.string(), z.number(), z.null()]),
  names: z.record(z.enum(['a', 'b']), z.number()),
  payment: z.discriminatedUnion('kind', [Card, Transfer]),
  inline: z.discriminatedUnion('kind', [Card, z.object({ kind: z.literal('cash') })]),
  numbered: z.discriminatedUnion('kind', [Card, Numbered]),
  any: z.json(),
})

/** Every schema that is awkward. */
export function awkwardApplication(): Ringback {
  const app = new Ringback({ title: 'Awkward', version: '1.0.0' })
  const paid = callback.post('{$callback_url}/{$request.body#/id}', { body: awkward, response: awkward })
  const query = z.object({ callback_url: z.url() })
  app.post('/payments', { query, body: awkward, response: awkward, callbacks: { paid } }, async ({ body }) => body)
  return app
}

/** A callback of a callback, and parts of a body that hold themselves. */
export function nestedApplication(): Ringback {
  const app = new Ringback({ title: 'Nested', version: '1.0.0' })
  const tree = z.object({
    name: z.string(),
    get branches() {
      return z.array(tree)
    },
  })
  const body = z.object({ ack_url: z.url(), tree })
  const acknowledged = callback.put('{$request.body#/ack_url}', { body: tree, response: body })
  const planted = callback.post('{$callback_url}', { body, response: tree, callbacks: { acknowledged } })
  const query = z.object({ callback_url: z.url() })
  app.post('/trees', { query, body, response: body, callbacks: { planted } }, async ({ body }) => body)
  return app
}
