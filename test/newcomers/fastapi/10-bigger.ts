import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { orders } from './10-bigger/orders.ts'

export const app = new Ringback({ title: 'Shop', version: '1.0.0' })

app.include(orders, { prefix: '/v1' })

if (import.meta.main) await serve(app)
