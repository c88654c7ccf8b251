import { createHash } from 'node:crypto'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { apiKey, httpBearer, optional } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')
// A stolen table of hashes opens nothing.
const stations = new Map([[hashOf('key-of-the-lighthouse'), 'lighthouse']])

const key = apiKey({ in: 'header', name: 'X-Station-Key', description: 'One for each station' })

const station = dependency({ dependencies: { key } }, ({ key }) => {
  const name = stations.get(hashOf(key))
  if (name === undefined) throw new HttpError(401, 'Unknown key')
  return name
})

app.post('/readings', { dependencies: { station }, response: z.string() }, async function addReading({ station }) {
  return `stored for ${station}`
})

// One of two: a key or a token.
const bearer = httpBearer()

const caller = dependency({ dependencies: { key: optional(key), token: optional(bearer) } }, ({ key, token }) => {
  const name = key === undefined ? undefined : stations.get(hashOf(key))
  if (name !== undefined) return name
  if (token === 'token-of-bea') return 'Bea'
  throw new HttpError(401, 'Send a key or a token', { headers: { 'www-authenticate': 'Bearer' } })
})

app.get('/readings', { dependencies: { caller }, response: z.string() }, async function listReadings({ caller }) {
  return `readings for ${caller}`
})

if (import.meta.main) await serve(app)
