import { cors } from 'hono/cors'
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

app.use(
  cors({
    origin: ['https://harbour.example', 'http://localhost:5173'],
    allowMethods: ['GET', 'POST', 'PATCH'],
    allowHeaders: ['content-type', 'authorization'],
    exposeHeaders: ['x-total-count'],
    credentials: true,
    maxAge: 600,
  }),
)

app.get(
  '/boats',
  { response: z.array(z.string()), responseHeaders: z.object({ 'x-total-count': z.int() }) },
  async function listBoats({ respond }) {
    return respond(200, ['Amelie'], { headers: { 'x-total-count': 1 } })
  },
)

app.get('/broken', { response: z.string() }, async function fail() {
  throw new Error('Something is broken')
})

if (import.meta.main) await serve(app)
