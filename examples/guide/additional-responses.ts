import { problem, Ringback, Router } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

// For every operation of the application.
export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  responses: { 429: { description: 'Too many requests', headers: z.object({ 'retry-after': z.int() }) } },
})

const Berth = z.object({ number: z.int(), boat: z.string() }).meta({ id: 'Berth' })

// For every operation of a router. Without a body, a status from 400 on is a problem.
const berths = new Router({ prefix: '/berths', responses: { 404: { description: 'No such berth' } } })

berths.get(
  '/{number}',
  {
    params: z.object({ number: z.int() }),
    response: Berth,
    responses: {
      // A body of its own.
      409: { description: 'Two boats say they are there', body: z.object({ boats: z.array(z.string()) }) },
      // The schema of problems, to write one yourself.
      410: { description: 'The pier was taken down', body: problem() },
    },
  },
  async function readBerth({ params, respond }) {
    if (params.number > 100) return respond(410, { detail: 'The outer pier is gone' })
    if (params.number === 13) return respond(409, { boats: ['Amelie', 'Bruno'] })
    return { number: params.number, boat: 'Amelie' }
  },
)

app.include(berths)

if (import.meta.main) await serve(app)
