import { bytes, html, Ringback, redirect, text } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

app.get('/', { response: html() }, async function readPage() {
  return '<!doctype html><title>Harbour</title><h1>Welcome</h1>'
})

app.get('/hours', { response: text() }, async function readHours() {
  return 'From 8 to 16'
})

app.get('/route.gpx', { response: text('application/gpx+xml') }, async function readRoute() {
  return '<gpx version="1.1"><wpt lat="57.64" lon="18.28"/></gpx>'
})

app.get('/pixel', { response: bytes('image/gif') }, async function readPixel() {
  return new Uint8Array(Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64'))
})

app.get('/old-hours', { status: 308 }, async function moveHours() {
  return redirect('/hours', 308)
})

// The client chooses by `accept`.
const Berth = z.object({ number: z.int(), boat: z.string() })
const berths = [{ number: 7, boat: 'Amelie' }]

app.get('/berths', { response: [z.array(Berth), text('text/csv')] }, async function listBerths() {
  return {
    'application/json': berths,
    // Only what is chosen is made.
    'text/csv': () => ['number,boat', ...berths.map(({ number, boat }) => `${number},${boat}`)].join('\n'),
  }
})

if (import.meta.main) await serve(app)
