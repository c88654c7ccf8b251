import { dependency, HttpError, Ringback, Router } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// For its effect, not for a value.
const officeHours = dependency({ headers: z.object({ 'x-hour': z.int().min(0).max(23) }) }, ({ headers }) => {
  const hour = headers['x-hour']
  if (hour < 8 || hour >= 16) throw new HttpError(403, `The office is closed at ${hour}`)
})

const noStore = dependency({}, ({ responseHeaders }) => responseHeaders.set('cache-control', 'no-store'))

app.post('/permits', { dependencies: { officeHours, noStore }, response: z.string() }, async function askForPermit() {
  return 'granted'
})

// For all operations of a router.
const office = new Router({ prefix: '/office', dependencies: { officeHours } })

office.get('/clerk', { response: z.string() }, async function readClerk() {
  return 'Bea'
})

// For all operations of a router, from outside of it.
app.include(office, { dependencies: { noStore } })

if (import.meta.main) await serve(app)
