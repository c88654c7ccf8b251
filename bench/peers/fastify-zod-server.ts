import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { eventItems, eventText } from '../http/events.ts'
import { announce } from '../process/parent.ts'
import { answerError } from './fastify-errors.ts'
import { GetParams, GetQuery, Invoice, InvoiceWithItems, PostQuery, Received, Shown } from './http-schemas.ts'

const app = Fastify().withTypeProvider<ZodTypeProvider>()
app.setValidatorCompiler(validatorCompiler)
app.setSerializerCompiler(serializerCompiler)
app.setErrorHandler(answerError)

const posted = { querystring: PostQuery, response: { 200: Received } }
const received = async () => ({ msg: 'Invoice received' })
app.post('/invoices/', { schema: { ...posted, body: Invoice } }, received)
app.post('/bulk', { schema: { ...posted, body: InvoiceWithItems } }, received)
app.get(
  '/invoices/:id',
  { schema: { params: GetParams, querystring: GetQuery, response: { 200: Shown } } },
  async ({ params, query }) => ({ id: params.id, limit: query.limit, msg: 'ok' }),
)

// Fastify validates no streams, so it is done by hand here.
app.get('/events', (_request, reply) => reply.type('text/event-stream').send(Readable.from(eventTexts())))

async function* eventTexts(): AsyncGenerator<string> {
  for await (const item of eventItems()) yield eventText(Shown.parse(item))
}

const address = await app.listen({ port: 0, host: '127.0.0.1' })
announce({ port: Number(new URL(address).port) })
