import { eventStream, Ringback, serverSentEvent } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Tide = z.object({ level: z.number() }).meta({ id: 'Tide' })
const levels = [1.2, 1.4, 1.7, 1.9]

app.get(
  '/tides',
  {
    // A browser sends it by itself when it comes back.
    headers: z.object({ 'last-event-id': z.int().optional() }),
    response: eventStream(Tide),
  },
  async function* watchTides({ headers }) {
    const next = (headers['last-event-id'] ?? -1) + 1
    for (const [index, level] of levels.entries())
      if (index >= next) yield serverSentEvent({ level }, { event: 'tide', id: String(index) })
  },
)

// An item alone is an event without a name. A POST streams as well.
app.post(
  '/questions',
  { body: z.object({ question: z.string() }), response: eventStream(z.object({ word: z.string() })) },
  async function* ask({ body }) {
    for (const word of `You asked: ${body.question}`.split(' ')) yield { word }
  },
)

if (import.meta.main) await serve(app)
