import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Seen = z.object({
  method: z.string(),
  url: z.string(),
  agent: z.string().nullable(),
  address: z.string().optional(),
  id: z.string(),
})

app.get('/seen', { response: Seen }, async function readSeen({ request, clientAddress, requestId }) {
  return {
    method: request.method,
    url: request.url,
    agent: request.headers.get('user-agent'),
    address: clientAddress,
    id: requestId,
  }
})

// A body that is not declared is still to be read, under the same limits.
app.post('/raw', { response: z.object({ bytes: z.int(), first: z.string() }) }, async function readRaw({ request }) {
  const text = await request.text()
  return { bytes: text.length, first: text.split('\n')[0] ?? '' }
})

// `signal` tells that the client has gone away: pass it on.
app.get('/slow', { response: z.string() }, async function readSlowly({ signal, app }) {
  const response = await app.fetch(new Request('http://localhost:8000/seen', { signal }))
  return `elsewhere it is ${response.status}`
})

if (import.meta.main) await serve(app)
