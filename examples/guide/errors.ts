import { HttpError, problem, RequestValidationError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z.object({ name: z.string(), berth: z.int().min(1) }).meta({ id: 'Boat' })
const boats = new Map([['Amelie', { name: 'Amelie', berth: 7 }]])

app.get(
  '/boats/{name}',
  { response: Boat, responses: { 404: { description: 'No such boat' } } },
  async function readBoat({ params }) {
    const boat = boats.get(params.name)
    if (boat === undefined)
      throw new HttpError(404, `There is no boat "${params.name}"`, {
        headers: { 'cache-control': 'no-store' },
        // Further members of the problem.
        known: [...boats.keys()],
      })
    return boat
  },
)

// The same without throwing, with the problem's schema.
app.delete(
  '/boats/{name}',
  { status: 204, responses: { 404: { description: 'No such boat', body: problem() } } },
  async function removeBoat({ params, respond }) {
    return boats.delete(params.name) ? respond(204) : respond(404, { detail: `There is no boat "${params.name}"` })
  },
)

// An error of your own, which any code may throw.
class BerthTakenError extends Error {
  readonly berth: number

  constructor(berth: number) {
    super(`Berth ${berth} is taken`)
    this.berth = berth
  }
}

app.put('/boats', { body: Boat, response: Boat }, async function moveBoat({ body }) {
  if (body.berth === 7) throw new BerthTakenError(7)
  if (body.berth === 13) throw new Error('Nobody knows where berth 13 is')
  return body
})

app.onError(BerthTakenError, ({ message, berth }, { operation, requestId, log }) => {
  log.info(message, { operation, requestId })
  return Response.json({ taken: berth }, { status: 409 })
})

// What requests that do not fit get, in place of a 422.
app.onError(RequestValidationError, ({ errors }) => {
  const messages = errors.map(({ in: place, pointer, code }) => `${place}${pointer}: ${code}`)
  return Response.json({ messages }, { status: 400 })
})

if (import.meta.main) await serve(app)
