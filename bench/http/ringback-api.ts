import { eventStream, form, Ringback } from 'ringback'
import { z } from 'zod'
import { eventItems } from './events.ts'

const Invoice = z.object({ id: z.string(), title: z.string().nullish(), customer: z.string(), total: z.number() })
const Item = z.object({
  sku: z.string(),
  description: z.string(),
  quantity: z.number().int(),
  unit_price: z.number(),
  tags: z.array(z.string()),
  note: z.string().nullish(),
})
const InvoiceWithItems = Invoice.extend({ items: z.array(Item) })
const Received = z.object({ msg: z.string() })
const PostQuery = z.object({ callback_url: z.url().optional() })
const GetParams = z.object({ id: z.number().int() })
const GetQuery = z.object({ limit: z.number().int().min(1).max(100).default(20) })
const Shown = z.object({ id: z.number(), limit: z.number(), msg: z.string() })

const Upload = z.object({ title: z.string(), file: z.file() })
const Uploaded = z.object({ title: z.string(), size: z.number() })

type Prepare = <Schema extends z.ZodObject>(schema: Schema) => Schema

/** The API on Ringback. `prepare` is applied to each schema: the identity, or `z.compile`. */
export function createApi(prepare: Prepare) {
  const quiet = () => {}
  const app = new Ringback({
    title: 'Invoices',
    version: '1.0.0',
    log: { debug: quiet, info: quiet, warn: console.warn, error: console.error },
  })
  const posted = { query: prepare(PostQuery), response: prepare(Received) }
  app.post('/invoices/', { ...posted, body: prepare(Invoice) }, function createInvoice() {
    return { msg: 'Invoice received' }
  })
  app.post('/bulk', { ...posted, body: prepare(InvoiceWithItems) }, function createInvoiceWithItems() {
    return { msg: 'Invoice received' }
  })
  const shown = { params: prepare(GetParams), query: prepare(GetQuery), response: prepare(Shown) }
  app.get('/invoices/{id}', shown, function showInvoice({ params, query }) {
    return { id: params.id, limit: query.limit, msg: 'ok' }
  })
  app.post('/files', { body: form(prepare(Upload)), response: prepare(Uploaded) }, function upload({ body }) {
    return { title: body.title, size: body.file.size }
  })
  app.get('/events', { response: eventStream(prepare(Shown)) }, eventItems)
  return app
}
