import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// Names in lower case, as the web's own Headers has them.
const Station = z.object({
  'user-agent': z.string().optional(),
  'x-wind': z.number().min(0),
  // A list: in one line with commas, or in several lines.
  'x-warnings': z.array(z.enum(['gale', 'fog', 'ice'])).default([]),
  'if-match': z.string().optional(),
})

app.get('/weather', { headers: Station, response: Station }, async function readWeather({ headers }) {
  return headers
})

// Headers that the document should not have are read from the request.
app.get('/language', { response: z.string() }, async function readLanguage({ request }) {
  return request.headers.get('accept-language') ?? 'none'
})

if (import.meta.main) await serve(app)
