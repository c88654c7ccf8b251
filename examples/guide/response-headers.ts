import { dependency, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// Declared: typed, checked and documented.
app.get(
  '/boats',
  {
    response: z.array(z.string()),
    responseHeaders: z.object({
      'x-total-count': z.int().meta({ description: 'On all pages' }),
      'x-next': z.string().optional(),
    }),
  },
  async function listBoats({ respond }) {
    return respond(200, ['Amelie', 'Bruno'], { headers: { 'x-total-count': 17 } })
  },
)

// Not declared: set by a handler or a dependency.
const cached = dependency({}, ({ responseHeaders }) => {
  responseHeaders.set('cache-control', 'max-age=60')
})

app.get(
  '/weather',
  { dependencies: { cached }, response: z.string() },
  async function readWeather({ responseHeaders }) {
    responseHeaders.set('x-station', 'outer pier')
    responseHeaders.append('link', '</charts>; rel="related"')
    return 'fair'
  },
)

if (import.meta.main) await serve(app)
