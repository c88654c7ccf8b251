// The router of ./10-bigger/boats.ts, under /v1.
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { boats } from './10-bigger/boats.ts'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

app.include(boats, { prefix: '/v1' })

if (import.meta.main) await serve(app)
