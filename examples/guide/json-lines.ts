import { jsonLines, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Reading = z.object({ hour: z.int(), wind: z.number() }).meta({ id: 'Reading' })

// A generator as the handler: each item is a line, and goes out as soon as it is there.
app.get(
  '/readings',
  { query: z.object({ hours: z.int().min(1).max(1_000_000).default(3) }), response: jsonLines(Reading) },
  async function* listReadings({ query, signal, log }) {
    try {
      for (let hour = 0; hour < query.hours && !signal.aborted; hour++) yield await readingAt(hour)
    } finally {
      log.info('The stream has ended')
    }
  },
)

// What an item has beyond its schema is taken away.
async function readingAt(hour: number): Promise<z.output<typeof Reading> & { station: string }> {
  return { hour, wind: 5 + hour / 2, station: 'secret' }
}

// An item that breaks its schema ends the stream.
app.get('/broken-readings', { response: jsonLines(Reading) }, async function* listBrokenReadings() {
  yield { hour: 0, wind: 5 }
  yield JSON.parse('{ "hour": "one" }')
})

if (import.meta.main) await serve(app)
