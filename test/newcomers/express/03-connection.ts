// A connection for each request, closed behind the response, whatever the handler does.
import { DatabaseSync } from 'node:sqlite'
import { dependency, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const events: string[] = []

const connection = dependency({}, async function* () {
  const db = new DatabaseSync(':memory:')
  events.push('open')
  try {
    yield db
  } finally {
    db.close()
    events.push('close')
  }
})

export const app = new Ringback({ title: 'Connections', version: '1.0.0' })

app.get('/answer', { dependencies: { connection }, response: z.number() }, async function readAnswer({ connection }) {
  return Number(connection.prepare('SELECT 42 AS answer').get()?.answer)
})

app.get(
  '/broken',
  { dependencies: { connection }, response: z.number() },
  async function readBroken(): Promise<number> {
    throw new Error('No answer')
  },
)

if (import.meta.main) await serve(app)
