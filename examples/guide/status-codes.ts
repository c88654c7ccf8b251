import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z.object({ name: z.string() }).meta({ id: 'Boat' })
const boats = new Set<string>()

// 201 in place of 200.
app.post(
  '/boats',
  { body: Boat, status: 201, response: Boat, responseDescription: 'The boat, as it was stored' },
  async function addBoat({ body }) {
    boats.add(body.name)
    return body
  },
)

// Without a response, the status is 204.
app.delete('/boats/{name}', { status: 204 }, async function removeBoat({ params }) {
  boats.delete(params.name)
})

// 202: what was asked for is done later.
app.post(
  '/surveys',
  { body: Boat, status: 202, response: z.object({ ticket: z.string() }) },
  async function orderSurvey({ body, background, log }) {
    background(() => log.info('Surveyed', { name: body.name }))
    return { ticket: `survey of ${body.name}` }
  },
)

if (import.meta.main) await serve(app)
