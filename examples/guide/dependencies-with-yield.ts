import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// A stand-in for a database, which tells what happens to it.
const boats: string[] = []

/** What a request writes, until it is kept. */
class Transaction {
  readonly #written: string[] = []

  insert(boat: string): void {
    this.#written.push(boat)
  }

  commit(): void {
    boats.push(...this.#written)
  }
}

// The part before `yield` makes the value, the part behind it cleans up: here before the client gets its response.
const transaction = dependency({ scope: 'handler' }, async function* ({ log }) {
  const open = new Transaction()
  try {
    yield open
  } catch (error) {
    log.info('Rolled back')
    throw error
  }
  open.commit()
  log.info('Committed')
})

// Without a scope, the part behind `yield` runs when the response has been sent.
const stopwatch = dependency({}, async function* ({ log, request }) {
  log.info(`Begins: ${request.method}`)
  yield
  log.info(`Ended: ${request.method}`)
})

app.post(
  '/boats/{name}',
  { dependencies: { transaction, stopwatch }, response: z.int() },
  async function addBoat({ params, transaction }) {
    transaction.insert(params.name)
    if (params.name === 'Titanic') throw new HttpError(409, 'Not with that name')
    return boats.length
  },
)

app.get('/boats', { response: z.array(z.string()) }, async function listBoats() {
  return boats
})

if (import.meta.main) await serve(app)
