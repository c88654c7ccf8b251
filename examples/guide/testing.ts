import { HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z.object({ name: z.string().min(1), nights: z.int().min(1).default(1) }).meta({ id: 'Boat' })
const boats = new Map<string, z.output<typeof Boat>>()

app.post('/boats', { body: Boat, status: 201, response: Boat }, async function addBoat({ body, setCookie }) {
  if (boats.has(body.name)) throw new HttpError(409, `There is a boat "${body.name}"`)
  boats.set(body.name, body)
  setCookie('last', body.name)
  return body
})

app.get(
  '/boats/last',
  { cookies: z.object({ last: z.string().optional() }), response: z.string() },
  async function readLastBoat({ cookies }) {
    return cookies.last ?? 'none'
  },
)

app.get(
  '/boats',
  { query: z.object({ nights: z.array(z.int()).default([]) }), response: z.array(z.string()) },
  async function listBoats({ query }) {
    return [...boats.values()].filter(({ nights }) => query.nights.includes(nights)).map(({ name }) => name)
  },
)

if (import.meta.main) await serve(app)
