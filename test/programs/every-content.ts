// An application whose document has every kind of content: forms, files, streams, several media types, responses of every
// status, callbacks of callbacks, webhooks and security. Started by hand, it serves its page.
import {
  bytes,
  callback,
  eventStream,
  file,
  fileResponse,
  form,
  html,
  jsonLines,
  oneOf,
  problem,
  Ringback,
  redirect,
  sendFile,
  stream,
  text,
  webhook,
} from 'ringback'
import { serve } from 'ringback/node'
import { httpBasic, httpBearer } from 'ringback/security'
import { z } from 'zod'

const Note = z.object({ text: z.string(), tags: z.array(z.string()).default([]) }).meta({ id: 'Note' })
const Card = z.object({ kind: z.literal('card'), number: z.string() }).meta({ id: 'Card' })
const Transfer = z.object({ kind: z.literal('transfer'), iban: z.string() }).meta({ id: 'Transfer' })
const Payment = z.discriminatedUnion('kind', [Card, Transfer]).meta({ id: 'Payment' })
const Found = z.object({ count: z.int() }).meta({ id: 'Found' })
const Progress = z.object({ percent: z.number().min(0).max(100) }).meta({ id: 'Progress' })

const paid = callback.post('{$callback_url}/payments/{payment_id}', {
  params: z.object({ payment_id: z.int() }),
  headers: z.object({ 'x-tenant': z.string() }),
  query: z.object({ dry: z.boolean().optional() }),
  body: z.object({ payment: Payment }),
  response: Note,
  responses: { 409: { description: 'Known already', body: Note } },
  dependencies: { basic: httpBasic() },
})
const uploaded = callback.post('{$callback_url}', { body: text() })

export const app = new Ringback({
  title: 'Every content',
  version: '1.0.0',
  webhooks: {
    'note.written': webhook.post({ data: Note, headers: z.object({ 'x-region': z.string() }), response: Note }),
    'note.removed': webhook.post({ body: z.object({ id: z.string() }) }),
  },
})

const query = z.object({
  callback_url: z.url(),
  page: z.int().min(1).default(1),
  kind: z.array(z.enum(['a', 'b'])).optional(),
})

app.post(
  '/payments/{id}',
  { query, body: Payment, response: Note, status: 201, callbacks: { paid } },
  async function pay() {
    return { text: '', tags: [] }
  },
)
app.post(
  '/uploads',
  {
    query,
    body: form(z.object({ title: z.string(), photo: z.file().optional(), pages: z.array(z.file()).optional() })),
    response: Found,
    callbacks: { uploaded },
  },
  async function upload({ body }) {
    return { count: (body.pages ?? []).length }
  },
)
app.post(
  '/login',
  { body: form(z.object({ user: z.string(), password: z.string() })), response: Note },
  async function login() {
    return { text: '', tags: [] }
  },
)
app.post('/notes', { body: oneOf(Note, text(), form(Note)), response: Note }, async function write({ body }) {
  return typeof body === 'string' ? { text: body, tags: [] } : body
})
app.put('/images/{name*}', { body: file({ mediaTypes: ['image/png'] }), status: 204 }, async function putImage() {})
app.post('/sums', { body: bytes(), response: Found }, async function sum({ body }) {
  return { count: body.length }
})
app.get('/images/{name*}', { response: fileResponse('image/png') }, async function getImage() {
  return sendFile('/dev/null')
})
app.get('/page', { response: html() }, async () => '<p>')
app.get('/old', { status: 307 }, async () => redirect('/page'))
app.get('/export', { response: stream('text/csv') }, async function* exportNotes() {
  yield 'text\n'
})
app.get('/events', { response: eventStream(Progress) }, async function* events() {
  yield { percent: 100 }
})
app.get('/lines', { response: jsonLines(Progress) }, async function* lines() {
  yield { percent: 100 }
})
app.get(
  '/secret',
  {
    dependencies: { user: httpBearer() },
    headers: z.object({ 'x-trace': z.string().optional() }),
    cookies: z.object({ session: z.string().optional() }),
    response: Note,
    responses: { 404: { description: 'No such note' }, 409: { body: problem() } },
    responseHeaders: z.object({ 'x-total': z.int() }),
  },
  async function secret({ respond }) {
    return respond(200, { text: '', tags: [] }, { headers: { 'x-total': 1 } })
  },
)

if (import.meta.main) await serve(app, { port: 8124, host: '127.0.0.1' })
