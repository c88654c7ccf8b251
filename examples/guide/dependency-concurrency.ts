import { setTimeout as wait } from 'node:timers/promises'
import { dependency, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

class Crane {
  async lift(boat: string): Promise<string> {
    await wait(5)
    return `${boat} is on land`
  }
}

// There are two cranes. Whoever comes then waits, and three may.
const crane = dependency({ scope: 'handler', maxConcurrency: 2, maxWaiting: 3, maxWaitMs: 10_000 }, function* () {
  yield new Crane()
})

app.post(
  '/boats/{name}/lift',
  { dependencies: { crane }, response: z.string() },
  async function lift({ crane, params }) {
    return crane.lift(params.name)
  },
)

// A value of its own for each that asks, also within one request.
let drawn = 0
const number = dependency({ cache: false }, () => ++drawn)
const first = dependency({ dependencies: { number } }, ({ number }) => number)
const second = dependency({ dependencies: { number } }, ({ number }) => number)

app.get(
  '/numbers',
  { dependencies: { first, second }, response: z.array(z.int()) },
  async function drawTwo({ first, second }) {
    return [first, second].toSorted()
  },
)

if (import.meta.main) await serve(app)
