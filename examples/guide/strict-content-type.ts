import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Boat = z.object({ name: z.string() })

export const app = new Ringback({ title: 'Harbour', version: '1.0.0', strictContentType: false })

app.post('/boats', { body: Boat, status: 201, response: Boat }, async function addBoat({ body }) {
  return body
})

if (import.meta.main) await serve(app)
