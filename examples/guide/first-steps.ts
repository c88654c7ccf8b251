import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Greeting = z.object({ message: z.string(), boats: z.int() })

app.get('/', { summary: 'Greet', response: Greeting }, async function greet() {
  return { message: 'Welcome to the harbour', boats: 3 }
})

if (import.meta.main) await serve(app)
