import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// A codec is text in JSON, and a value in the program. It works in both directions.
const Instant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: text => new Date(text),
  encode: date => date.toISOString(),
})

// "12.30" is a whole number of cents, so that nothing is rounded.
const Cents = z.codec(z.string().regex(/^\d{1,9}\.\d{2}$/), z.bigint(), {
  decode: text => BigInt(text.replace('.', '')),
  encode: cents => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`,
})

// A list in JSON is a set in the program.
const Tags = z.codec(z.array(z.string()), z.set(z.string()), {
  decode: list => new Set(list),
  encode: set => [...set],
})

const Booking = z
  .object({
    // These are text in the program, too; only their form is checked.
    id: z.uuid(),
    day: z.iso.date(),
    opens: z.iso.time(),
    email: z.email(),
    arrival: Instant,
    price: Cents,
    tags: Tags,
  })
  .meta({ id: 'Booking' })

app.put('/bookings', { body: Booking, response: Booking }, async function moveBooking({ body }) {
  return {
    ...body,
    arrival: new Date(body.arrival.getTime() + 86_400_000),
    price: body.price * 2n,
    tags: body.tags.union(new Set(['moved'])),
  }
})

// In a query, too.
app.get(
  '/tides',
  { query: z.object({ after: Instant }), response: z.object({ next: Instant }) },
  async function readTide({ query }) {
    return { next: new Date(query.after.getTime() + 6 * 3_600_000) }
  },
)

if (import.meta.main) await serve(app)
