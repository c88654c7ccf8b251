import { HttpError, Router } from 'ringback'
import { z } from 'zod'
import { user } from './user.ts'

const Order = z.object({ id: z.int(), customer: z.string() })

export const orders = new Router({ prefix: '/orders', tags: ['orders'], dependencies: { user } })

orders.get('', { response: z.array(Order) }, async function listOrders({ user }) {
  return [{ id: 1, customer: user.name }]
})

orders.get(
  '/{id}',
  { params: z.object({ id: z.int() }), response: Order, responses: { 404: { description: 'No such order' } } },
  async function readOrder({ params, user }) {
    if (params.id !== 1) throw new HttpError(404, `There is no order ${params.id}`)
    return { id: params.id, customer: user.name }
  },
)
