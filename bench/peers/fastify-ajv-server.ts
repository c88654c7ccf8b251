import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { eventItems, eventText } from '../http/events.ts'
import { readUpload } from '../http/read-upload.ts'
import { announce } from '../process/parent.ts'
import { respondToError } from './fastify-errors.ts'

const text = { type: 'string' } as const
const number = { type: 'number' } as const
const integer = { type: 'integer' } as const
const optionalText = { type: 'string', nullable: true } as const

const invoiceProperties = { id: text, title: optionalText, customer: text, total: number }
const Invoice = { type: 'object', required: ['id', 'customer', 'total'], properties: invoiceProperties }
const Item = {
  type: 'object',
  required: ['sku', 'description', 'quantity', 'unit_price', 'tags'],
  properties: {
    sku: text,
    description: text,
    quantity: integer,
    unit_price: number,
    tags: { type: 'array', items: text },
    note: optionalText,
  },
}
const InvoiceWithItems = {
  type: 'object',
  required: ['id', 'customer', 'total', 'items'],
  properties: { ...invoiceProperties, items: { type: 'array', items: Item } },
}
const Received = { type: 'object', required: ['msg'], properties: { msg: text } }
const PostQuery = { type: 'object', properties: { callback_url: { type: 'string', format: 'uri' } } }
const GetParams = { type: 'object', properties: { id: integer } }
const GetQuery = {
  type: 'object',
  properties: { limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
}
const Shown = { type: 'object', properties: { id: integer, limit: integer, msg: text } }
const Uploaded = { type: 'object', required: ['title', 'size'], properties: { title: text, size: integer } }

const app = Fastify({ ajv: { customOptions: { allErrors: true } } })
app.setErrorHandler(respondToError)

const posted = { querystring: PostQuery, response: { 200: Received } }
const received = async () => ({ msg: 'Invoice received' })
app.post('/invoices/', { schema: { ...posted, body: Invoice } }, received)
app.post('/bulk', { schema: { ...posted, body: InvoiceWithItems } }, received)
app.get<{ Params: { id: number }; Querystring: { limit: number } }>(
  '/invoices/:id',
  { schema: { params: GetParams, querystring: GetQuery, response: { 200: Shown } } },
  async ({ params, query }) => ({ id: params.id, limit: query.limit, msg: 'ok' }),
)

// Fastify reads no forms of its own accord.
app.addContentTypeParser('multipart/form-data', (request, body) =>
  readUpload(body, request.headers['content-type'] ?? ''),
)
app.post('/files', { schema: { body: Uploaded, response: { 200: Uploaded } } }, async ({ body }) => body)
// Fastify validates no streams.
app.get('/events', (_request, reply) => reply.type('text/event-stream').send(Readable.from(eventTexts())))

async function* eventTexts(): AsyncGenerator<string> {
  for await (const item of eventItems()) yield eventText(item)
}

const address = await app.listen({ port: 0, host: '127.0.0.1' })
announce({ port: Number(new URL(address).port) })
