import { callback, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Booking = z.object({ boat: z.string().min(1), nights: z.int().min(1).max(30) }).meta({ id: 'Booking' })
const confirmed = callback.post('{$callback_url}/confirmed', { body: Booking })

const berths = 2
const bookings: z.output<typeof Booking>[] = []

app.post(
  '/bookings',
  {
    // Ids that stand in the code do not change when somebody renames a function.
    operationId: 'book',
    summary: 'Book a berth',
    query: z.object({ callback_url: z.url() }),
    body: Booking,
    status: 201,
    response: Booking,
    responses: { 409: { description: 'All berths are taken' } },
    callbacks: { confirmed },
  },
  async function book({ body, callbacks }) {
    if (bookings.length === berths) throw new HttpError(409, 'All berths are taken')
    bookings.push(body)
    await callbacks.confirmed.send(body)
    return body
  },
)

export const receiver = new Ringback({ title: 'A sailor', version: '1.0.0' })
receiver.post('/confirmed', { body: Booking, status: 204 }, async function hear({ body, log }) {
  log.info('Confirmed', body)
})

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
