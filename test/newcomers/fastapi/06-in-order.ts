import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Order = z.object({ id: z.string(), customer: z.string(), callback_url: z.url() })

const orderDone = callback.post('{$request.body.callback_url}/orders/{$request.body.id}', {
  body: z.object({ status: z.literal('packed') }),
})

export const app = new Ringback({ title: 'Orders, later', version: '1.0.0' })

app.post(
  '/orders',
  {
    // Idempotency keys belong to this name.
    operationId: 'placeOrder',
    body: Order,
    status: 202,
    response: z.object({ delivery: z.string() }),
    callbacks: { orderDone },
  },
  async function placeOrder({ body, callbacks }) {
    const { id } = await callbacks.orderDone.send(
      { status: 'packed' },
      { delayMs: 120_000, idempotencyKey: body.id, orderingKey: body.customer },
    )
    return { delivery: id }
  },
)

if (import.meta.main) await serve(app)
