import { form, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Login = z.object({
  name: z.string().min(1),
  pin: z.string().length(4),
  // A checkbox sends "on", or nothing.
  remember: z.boolean().default(false),
  nights: z.int().default(1),
})

app.post(
  '/login',
  { body: form(Login), response: z.object({ greeting: z.string(), remember: z.boolean(), nights: z.int() }) },
  async function logIn({ body }) {
    return { greeting: `Hello ${body.name}`, remember: body.remember, nights: body.nights }
  },
)

if (import.meta.main) await serve(app)
