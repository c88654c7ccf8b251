import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// A web Response is sent as it is.
app.get('/motto', {}, async function readMotto() {
  return new Response('Fair winds', { headers: { 'content-type': 'text/plain', 'x-harbour': 'Visby' } })
})

// Now and then something else than what is declared.
app.get(
  '/weather/{station}',
  { response: z.object({ wind: z.number() }), responses: { 304: {} } },
  async function readWeather({ params, request }) {
    const version = '"1"'
    if (request.headers.get('if-none-match') === version) return new Response(null, { status: 304 })
    return Response.json({ wind: 7.5, station: params.station }, { headers: { etag: version } })
  },
)

// What another server says.
app.get('/elsewhere', {}, async function readElsewhere({ app }) {
  return app.fetch(new Request('http://localhost:8000/motto'))
})

if (import.meta.main) await serve(app)
