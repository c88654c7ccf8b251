import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// The id of the response stands in the URL, so the receiver knows which reservation it is.
const confirmed = callback.post('{$callback_url}/reservations/{$response.body.id}', {
  body: z.object({ berth: z.int() }),
})

let last = 16

app.post(
  '/reservations',
  {
    query: z.object({ callback_url: z.url() }),
    body: z.object({ boat: z.string() }),
    status: 201,
    response: z.object({ id: z.int() }),
    responses: { 202: { body: z.object({ place: z.int() }) } },
    callbacks: { confirmed },
  },
  async function reserve({ body, callbacks, respond }) {
    if (body.boat === 'Late') return respond(202, { place: 3 })
    // The id does not exist yet: the URL is made when the handler has returned.
    await callbacks.confirmed.send({ berth: 7 })
    if (body.boat === 'Lost') return respond(202, { place: 4 })
    return { id: ++last }
  },
)

export const receiver = new Ringback({ title: 'A sailor', version: '1.0.0' })

receiver.post(
  '/events/reservations/{id}',
  { body: z.object({ berth: z.int() }), status: 204 },
  async function hear({ params, body, log }) {
    log.info(`Reservation ${params.id} got berth ${body.berth}`)
  },
)

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
