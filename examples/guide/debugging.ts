import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

app.get(
  '/price',
  { query: z.object({ length: z.number().gt(0), nights: z.int().min(1) }), response: z.number() },
  async function readPrice({ query, log }) {
    const price = query.length * query.nights
    // A line of the log says to which request it belongs.
    log.info('The price is made', { ...query, price })
    return price
  },
)

// Only when this file was started, not when a test or the command line imports it.
if (import.meta.main) await serve(app)
