import { type Dependency, dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

/** A dependency for boats up to this length. */
function boatUpTo(metres: number): Dependency<number> {
  return dependency({ query: z.object({ length: z.number().gt(0) }) }, ({ query }) => {
    if (query.length > metres) throw new HttpError(422, `Only boats up to ${metres} m can go there`)
    return query.length
  })
}

// Each call makes another dependency: keep it, and use the same one everywhere.
const smallBoat = boatUpTo(8)
const longBoat = boatUpTo(40)

const Price = z.object({ euros: z.number() })

app.get('/south/price', { dependencies: { smallBoat }, response: Price }, async function readSouthPrice({ smallBoat }) {
  return { euros: smallBoat * 2 }
})

app.get('/outer/price', { dependencies: { longBoat }, response: Price }, async function readOuterPrice({ longBoat }) {
  return { euros: longBoat * 1.5 }
})

if (import.meta.main) await serve(app)
