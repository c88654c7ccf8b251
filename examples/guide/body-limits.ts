import { form, Ringback, Router } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

// For all operations. The innermost limit counts.
export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  bodyLimitBytes: 10_000,
  bodyLimitValues: 1_000,
})

const Note = z.object({ text: z.string() })

app.post('/notes', { body: Note, response: z.int() }, async function addNote({ body }) {
  return body.text.length
})

// For the operations of a router.
const small = new Router({ prefix: '/small', bodyLimitBytes: 100 })

small.post('/notes', { body: Note, response: z.int() }, async function addSmallNote({ body }) {
  return body.text.length
})

// For one operation.
small.post(
  '/logs',
  { body: z.array(z.int()), bodyLimitBytes: 1_000, response: z.int() },
  async function addLog({ body }) {
    return body.length
  },
)

// Forms have limits of their own beside that.
const Guests = z.object({ name: z.array(z.string()) })

app.post(
  '/guests',
  { body: form(Guests, { maxFields: 3, maxPartBytes: 50 }), response: z.int() },
  async function addGuests({ body }) {
    return body.name.length
  },
)

app.include(small)

if (import.meta.main) await serve(app)
