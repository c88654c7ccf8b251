import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Moved = z.object({ boat: z.string(), berth: z.int(), version: z.int() })
const moved = callback.post('{$callback_url}/moved', { body: Moved })

const Move = z.object({ berth: z.int(), version: z.int() })

app.put(
  '/boats/{boat}/berth',
  {
    operationId: 'moveBoat',
    query: z.object({ callback_url: z.url() }),
    body: Move,
    response: z.object({ delivery: z.string() }),
    callbacks: { moved },
  },
  async function moveBoat({ params, body, callbacks }) {
    const { id } = await callbacks.moved.send(
      { boat: params.boat, ...body },
      {
        // What concerns one boat arrives in order.
        orderingKey: params.boat,
        // However often the client repeats its request, this is sent once.
        idempotencyKey: `${params.boat} ${body.version}`,
      },
    )
    return { delivery: id }
  },
)

export const receiver = new Ringback({ title: 'A map', version: '1.0.0' })

receiver.post('/events/moved', { body: Moved, status: 204 }, async function hear({ body, log }) {
  log.info('Moved', body)
})

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
