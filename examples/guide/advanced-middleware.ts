import { compress } from 'hono/compress'
import { timing } from 'hono/timing'
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  // A request for any other host is refused before anything runs.
  trustedHosts: ['localhost', 'harbour.example', '*.harbour.example'],
})

// Responses from 1 KiB on, for clients that take it.
app.use(compress({ threshold: 1_024 }))
app.use(timing())

const Chart = z.object({ depths: z.array(z.number()) })

app.get('/charts/kiel', { response: Chart }, async function readChart() {
  return { depths: Array.from({ length: 600 }, (_, index) => (index % 17) + 2) }
})

app.get('/charts/visby', { response: Chart }, async function readSmallChart() {
  return { depths: [4, 5] }
})

if (import.meta.main) await serve(app)
