import { Hono } from 'hono'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { apiKey } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '2.0.0' })

app.get('/boats', { response: z.array(z.string()) }, async function listBoats() {
  return ['Amelie', 'Bruno']
})

// Another API, with a document, a page, users and limits of its own.
const officer = dependency({ dependencies: { key: apiKey({ in: 'header', name: 'x-key' }) } }, ({ key }) => {
  if (key !== 'a key of the office') throw new HttpError(403, 'The office only')
})
const office = new Ringback({ title: 'Harbour office', version: '1.0.0', dependencies: { officer } })

office.get('/fees', { response: z.record(z.string(), z.number()) }, async function listFees() {
  return { Amelie: 12.5 }
})

app.mount('/office', office)

// Anything with a web `fetch` can be mounted as well.
const legacy = new Hono()
legacy.get('/tides', context => context.json({ high: '06:12', path: new URL(context.req.url).pathname }))

app.mount('/legacy', legacy, { bodyLimitBytes: 65_536 })

if (import.meta.main) await serve(app)
