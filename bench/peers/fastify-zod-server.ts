import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { eventItems, eventText } from '../http/events.ts'
import { readUpload } from '../http/read-upload.ts'
import { announce } from '../process/parent.ts'
import { respondToError } from './fastify-errors.ts'
import { GetParams, GetQuery, Invoice, InvoiceWithItems, PostQuery, Received, Shown, Uploaded } from './http-schemas.ts'

const app = Fastify().withTypeProvider<ZodTypeProvider>()
app.setValidatorCompiler(validatorCompiler)
app.setSerializerCompiler(serializerCompiler)
app.setErrorHandler(respondToError)

const posted = { querystring: PostQuery, response: { 200: Received } }
const received = async () => ({ msg: 'Invoice received' })
app.post('/invoices/', { schema: { ...posted, body: Invoice } }, received)
app.post('/bulk', { schema: { ...posted, body: InvoiceWithItems } }, received)
app.get(
  '/invoices/:id',
  { schema: { params: GetParams, querystring: GetQuery, response: { 200: Shown } } },
  async ({ params, query }) => ({ id: params.id, limit: query.limit, msg: 'ok' }),
)

// Fastify reads no forms of its own accord.
app.addContentTypeParser('multipart/form-data', (request, body) =>
  readUpload(body, request.headers['content-type'] ?? ''),
)
app.post('/files', { schema: { body: Uploaded, response: { 200: Uploaded } } }, async ({ body }) => body)
// Fastify validates no streams, so it is done by hand here.
app.get('/events', (_request, reply) => reply.type('text/event-stream').send(Readable.from(eventTexts())))

async function* eventTexts(): AsyncGenerator<string> {
  for await (const item of eventItems()) yield eventText(Shown.parse(item))
}

const address = await app.listen({ port: 0, host: '127.0.0.1' })
announce({ port: Number(new URL(address).port) })
