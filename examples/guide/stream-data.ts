import { createHash } from 'node:crypto'
import { Ringback, stream } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// Out: text or bytes, piece by piece.
app.get(
  '/log.csv',
  { query: z.object({ rows: z.int().max(100_000).default(2) }), response: stream('text/csv') },
  async function* readLog({ query }) {
    yield 'hour,wind\n'
    for (let hour = 0; hour < query.rows; hour++) yield `${hour},${5 + hour}\n`
  },
)

// In: the bytes as they come. Nothing is read that the handler does not ask for.
app.post(
  '/charts',
  {
    body: stream('application/octet-stream'),
    bodyLimitBytes: 1_000_000_000,
    response: z.object({ bytes: z.int(), sha256: z.string() }),
  },
  async function addChart({ body }) {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const piece of body) {
      hash.update(piece)
      bytes += piece.byteLength
    }
    return { bytes, sha256: hash.digest('hex').slice(0, 16) }
  },
)

// Through: what comes in goes out, changed.
app.post('/shout', { body: stream('text/plain'), response: stream('text/plain') }, async function* shout({ body }) {
  const decoder = new TextDecoder()
  for await (const piece of body) yield decoder.decode(piece, { stream: true }).toUpperCase()
})

if (import.meta.main) await serve(app)
