import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Visit = z.object({
  theme: z.enum(['light', 'dark']).default('light'),
  visits: z.int().min(0).default(0),
  // A list in one cookie: boats=Amelie,Bruno
  boats: z.array(z.string()).default([]),
})

app.get('/visit', { cookies: Visit, response: Visit }, async function readVisit({ cookies, setCookie }) {
  setCookie('visits', { value: String(cookies.visits + 1), maxAgeSeconds: 86_400 })
  return cookies
})

// A strict one refuses other cookies of this host.
app.get(
  '/strict',
  { cookies: z.strictObject({ theme: z.string().optional() }), response: z.string() },
  async function readStrict({ cookies }) {
    return cookies.theme ?? 'light'
  },
)

if (import.meta.main) await serve(app)
