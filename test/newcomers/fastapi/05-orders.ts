import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Order = z
  .object({ id: z.string(), callback_url: z.url(), items: z.array(z.string()).min(1) })
  .meta({ id: 'Order' })
const OrderDone = z.object({ status: z.enum(['packed', 'sold out']), items: z.int() }).meta({ id: 'OrderDone' })

/** What a customer receives: whoever writes the receiver imports it. */
export const orderDone = callback.post('{$request.body.callback_url}/orders/{$request.body.id}', {
  summary: 'An order is done',
  body: OrderDone,
  response: z.object({ ok: z.boolean() }),
})

export const app = new Ringback({ title: 'Orders', version: '1.0.0' })

app.post(
  '/orders',
  { body: Order, status: 202, response: z.object({ delivery: z.string() }), callbacks: { orderDone } },
  async function placeOrder({ body, callbacks }) {
    const { id } = await callbacks.orderDone.send({ status: 'packed', items: body.items.length })
    return { delivery: id }
  },
)

// To call a receiver on this machine: serve(app, { allowLoopback: true }).
if (import.meta.main) await serve(app)
