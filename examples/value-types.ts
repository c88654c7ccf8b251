import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

/** A date and time: `2026-05-04T12:00:00Z`, with any offset, is a `Date` in the program. */
export const Instant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: text => new Date(text),
  encode: date => date.toISOString(),
})

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** A duration: `P1DT2H` (ISO 8601, without years and months, whose length varies) is a number of seconds. */
export const Seconds = z.codec(z.iso.duration().regex(DURATION), z.number().min(0), {
  decode: text => {
    const [, days = 0, hours = 0, minutes = 0, seconds = 0] = DURATION.exec(text)!
    return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  },
  encode: seconds => `PT${seconds}S`,
})

/** An amount: `"12.30"` is a whole number of cents, so that nothing is rounded. */
export const Cents = z.codec(z.string().regex(/^-?\d{1,18}\.\d{2}$/), z.bigint(), {
  decode: text => BigInt(text.replace('.', '')),
  encode: cents => {
    const digits = String(cents < 0n ? -cents : cents).padStart(3, '0')
    return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
  },
})

/** A set: a list in which the same text may stand twice is a `Set`, which has it once. */
export const Tags = z.codec(z.array(z.string()), z.set(z.string()), {
  decode: list => new Set(list),
  encode: set => [...set],
})

/** Bytes inside of JSON: base64 text is a `Uint8Array`. Bytes alone are `bytes()` or `sendFile(…)`. */
export const Bytes = z.codec(z.base64(), z.instanceof(Uint8Array), {
  decode: text => new Uint8Array(Buffer.from(text, 'base64')),
  encode: bytes => Buffer.from(bytes).toString('base64'),
})

const Booking = z
  .object({
    id: z.uuid(),
    start: Instant,
    length: Seconds,
    price: Cents,
    tags: Tags,
    image: Bytes.optional(),
    // These are text in the program, too.
    day: z.iso.date(),
    at: z.iso.time(),
  })
  .meta({ id: 'Booking' })

export const app = new Ringback({ title: 'Bookings', version: '1.0.0' })

// What comes is decoded, and what is returned is encoded: the document shows the text in both places.
app.put('/bookings/{id}', { body: Booking, response: Booking }, async function moveBooking({ body }) {
  return {
    ...body,
    start: new Date(body.start.getTime() + body.length * 1000),
    price: body.price * 2n,
    tags: body.tags.union(new Set(['moved'])),
  }
})

if (import.meta.main) await serve(app)
