import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// A model that several operations share.
const Page = z.object({
  limit: z.int().min(1).max(100).default(10),
  offset: z.int().min(0).default(0),
})

// Another one adds to it.
const BoatQuery = Page.extend({ flag: z.string().length(2).optional() })

// A strict one refuses names that it does not have.
const StrictPage = z.strictObject(Page.shape)

// An open one takes any further names.
const Attributes = z.record(z.string(), z.number())

const names = ['Amelie', 'Bruno', 'Carla', 'Dora']

app.get('/boats', { query: BoatQuery, response: z.array(z.string()) }, async function listBoats({ query }) {
  return names.slice(query.offset, query.offset + query.limit)
})

app.get('/piers', { query: StrictPage, response: Page }, async function listPiers({ query }) {
  return query
})

app.get('/weather', { query: Attributes, response: Attributes }, async function readWeather({ query }) {
  return query
})

// Headers and cookies have models, too.
const Visit = z.object({ visits: z.int().default(0), theme: z.enum(['light', 'dark']).default('light') })

app.get('/visit', { cookies: Visit, response: Visit }, async function readVisit({ cookies }) {
  return cookies
})

if (import.meta.main) await serve(app)
