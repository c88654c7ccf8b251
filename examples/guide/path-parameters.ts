import { HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Berth = z.object({ number: z.int(), pier: z.string() })
const berths = [
  { number: 1, pier: 'north' },
  { number: 2, pier: 'south' },
]

app.get(
  '/berths/{number}',
  { params: z.object({ number: z.int().min(1) }), response: Berth },
  async function readBerth({ params }) {
    const berth = berths.find(({ number }) => number === params.number)
    if (berth === undefined) throw new HttpError(404, `There is no berth ${params.number}`)
    return berth
  },
)

// Of two paths that fit, the more literal one wins, wherever it stands.
app.get('/berths/free', { response: z.array(Berth) }, async function listFreeBerths() {
  return berths.filter(({ pier }) => pier === 'south')
})

const Pier = z.enum(['north', 'south', 'east'])

app.get(
  '/piers/{pier}',
  { params: z.object({ pier: Pier }), response: z.array(Berth) },
  async function readPier({ params }) {
    return berths.filter(({ pier }) => pier === params.pier)
  },
)

// Without a schema, a name in the path is text.
app.get('/boats/{country}-{sail}', { response: z.string() }, async function readBoat({ params }) {
  return `${params.country} ${params.sail}`
})

// The rest of the path, slashes included.
app.get('/charts/{path*}', { response: z.string() }, async function readChart({ params }) {
  return params.path
})

if (import.meta.main) await serve(app)
