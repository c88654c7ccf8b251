import { callback, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Shipyard', version: '1.0.0' })

const repaired = callback.post('{$callback_url}/repaired', {
  body: z.object({ order: z.int(), hours: z.number() }),
  // By this name kept data finds its callback, whatever is renamed.
  id: 'order-repaired',
})

/** What a table would hold: the callback is a column of text. */
interface Order {
  readonly boat: string
  readonly repaired: string | undefined
}
const orders = new Map<number, Order>()

app.post(
  '/orders',
  {
    query: z.object({ callback_url: z.url().optional() }),
    body: z.object({ boat: z.string() }),
    status: 201,
    response: z.object({ order: z.int() }),
    callbacks: { repaired },
  },
  async function addOrder({ body, callbacks }) {
    const order = orders.size + 1
    // `JSON.stringify` asks the callback for its data.
    orders.set(order, { boat: body.boat, repaired: callbacks.repaired && JSON.stringify(callbacks.repaired) })
    return { order }
  },
)

// Days later, perhaps in another process.
app.post(
  '/orders/{order}/done',
  { params: z.object({ order: z.int() }), body: z.object({ hours: z.number() }), status: 204 },
  async function endOrder({ params, body, app }) {
    const order = orders.get(params.order)
    if (order === undefined) throw new HttpError(404, `There is no order ${params.order}`)
    if (order.repaired === undefined) return
    await app.restore(repaired, JSON.parse(order.repaired)).send({ order: params.order, hours: body.hours })
  },
)

app.get(
  '/orders/{order}/kept',
  { params: z.object({ order: z.int() }), documented: false },
  async function readKept({ params }) {
    return Response.json(JSON.parse(orders.get(params.order)?.repaired ?? 'null'))
  },
)

export const receiver = new Ringback({ title: 'A sailor', version: '1.0.0' })

receiver.post(
  '/events/repaired',
  { body: z.object({ order: z.int(), hours: z.number() }), status: 204 },
  async function hear({ body, log }) {
    log.info('Repaired', body)
  },
)

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
