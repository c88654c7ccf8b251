import { form, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Contact = z.object({ street: z.string(), city: z.string() })

const Registration = z.strictObject({
  boat: z.string(),
  // A list: the same name several times.
  flags: z.array(z.string().length(2)).default([]),
  // An object: contact[street]=…&contact[city]=…
  contact: Contact,
})

app.post(
  '/registrations',
  { body: form(Registration), status: 201, response: Registration },
  async function register({ body }) {
    return body
  },
)

// One of several forms, each read with its own types.
const Payment = z.discriminatedUnion('by', [
  z.object({ by: z.literal('card'), number: z.string(), cents: z.int() }),
  z.object({ by: z.literal('cash'), cents: z.int() }),
])

app.post('/payments', { body: form(Payment), response: Payment }, async function pay({ body }) {
  return body
})

if (import.meta.main) await serve(app)
