// Takes an order, and calls the customer's `callback_url` back when it is shipped.
import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const Shipped = z.object({ order: z.string(), carrier: z.string() }).meta({ id: 'Shipped' })
const Order = z.object({ id: z.string().min(1), article: z.string(), pieces: z.int().min(1) }).meta({ id: 'Order' })

export const shipped = callback.post('{$callback_url}/orders/{$request.body.id}', {
  summary: 'An order is on its way',
  body: Shipped,
})

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
    const { id } = await callbacks.shipped.send({ order: body.id, carrier: 'Gull Post' })
    return { delivery: id }
  },
)

// `allowLoopback`: a receiver on this machine may be called, for trying it out.
if (import.meta.main) await serve(app, { allowLoopback: process.env['TRY'] === 'yes' })
