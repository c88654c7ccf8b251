import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const NewSkipper = z
  .object({ name: z.string(), email: z.email(), password: z.string().min(8) })
  .meta({ id: 'NewSkipper' })
const Skipper = z.object({ id: z.int(), name: z.string(), email: z.email() }).meta({ id: 'Skipper' })

interface Row extends z.output<typeof Skipper> {
  readonly password: string
  readonly createdAt: Date
}
const rows: Row[] = []

// The row has more than the response declares: the rest does not go out.
app.post('/skippers', { body: NewSkipper, status: 201, response: Skipper }, async function addSkipper({ body }) {
  const row: Row = { id: rows.length + 1, ...body, createdAt: new Date() }
  rows.push(row)
  return row
})

app.get('/skippers', { response: z.array(Skipper) }, async function listSkippers() {
  return rows
})

// What has no value is left out.
const Berth = z.object({ number: z.int(), boat: z.string().optional() })

app.get('/berths/7', { response: Berth }, async function readBerth() {
  return { number: 7, boat: undefined }
})

// A program that holds something else than it believes.
app.get('/berths/8', { response: Berth }, async function readBrokenBerth() {
  return JSON.parse('{ "number": "eight" }')
})

if (import.meta.main) await serve(app)
