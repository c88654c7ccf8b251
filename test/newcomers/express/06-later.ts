// The callback of an order two minutes later: one message for each order, in order for each customer.
import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Order = z.object({ id: z.string().min(1), customer: z.string().min(1), article: z.string() })
const shipped = callback.post('{$callback_url}/orders/{$request.body.id}', { body: z.object({ order: z.string() }) })

export const app = new Ringback({ title: 'Orders', version: '1.0.0' })

app.post(
  '/orders',
  {
    operationId: 'takeOrder',
    query: z.object({ callback_url: z.url() }),
    body: Order,
    status: 202,
    response: z.object({ delivery: z.string() }),
    callbacks: { shipped },
  },
  async function takeOrder({ body, callbacks }) {
    const { id } = await callbacks.shipped.send(
      { order: body.id },
      { delayMs: 120_000, idempotencyKey: body.id, orderingKey: body.customer },
    )
    return { delivery: id }
  },
)

if (import.meta.main) await serve(app)
