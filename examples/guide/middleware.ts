import { createMiddleware } from 'hono/factory'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// Hono's own, for all paths.
app.use(secureHeaders(), requestId())

// One of yours. What stands before `next` sees the request, what stands behind it the response.
const maintenance = createMiddleware(async (context, next) => {
  if (context.req.header('x-maintenance') === 'on') throw new HttpError(503, 'Back at noon')
  context.set('berths', 12)
  await next()
  context.header('x-harbour', 'open')
})

// For the paths of a pattern only.
app.use('/berths/*', maintenance)

// What middleware has set comes to handlers without a type; a dependency gives it one.
const berths = dependency({}, ({ var: variables }) => z.int().parse(variables['berths']))

app.get('/berths/count', { dependencies: { berths }, response: z.int() }, async function countBerths({ berths }) {
  return berths
})

app.get('/weather', { response: z.string() }, async function readWeather() {
  return 'fair'
})

if (import.meta.main) await serve(app)
