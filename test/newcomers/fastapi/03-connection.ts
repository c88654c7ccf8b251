import { DatabaseSync } from 'node:sqlite'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Connections', version: '1.0.0' })

/** What happened, in order, for the test. */
export const events: string[] = []

// Scope "response", the default: what stands behind the `yield` runs when the response has been sent.
const connection = dependency({}, function* () {
  const database = new DatabaseSync(':memory:')
  events.push('opened')
  try {
    yield database
  } finally {
    database.close()
    events.push('closed')
  }
})

app.get(
  '/answers/{number}',
  { params: z.object({ number: z.int() }), dependencies: { connection }, response: z.object({ answer: z.int() }) },
  async function readAnswer({ params, connection }) {
    if (params.number === 13) throw new HttpError(409, 'Not that one')
    if (params.number === 14) throw new Error('Something broke')
    const row = connection.prepare('select ? * 2 as answer').get(params.number)
    events.push('asked')
    return z.object({ answer: z.int() }).parse(row)
  },
)

if (import.meta.main) await serve(app)
