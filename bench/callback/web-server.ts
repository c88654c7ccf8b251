import { callback, dependency, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { sqliteStore } from 'ringback/sqlite'
import { z } from 'zod'
import { announce } from '../process/parent.ts'
import { masterSecret } from './master-secret.ts'

/**
 * The web process: one operation with a durable callback, the same one beside a transaction, and one without the
 * callback.
 */
const [path = '', worker = ''] = process.argv.slice(2)

const Invoice = z
  .object({ id: z.string(), title: z.string().nullish(), customer: z.string(), total: z.number() })
  .meta({ id: 'Invoice' })
const query = z.object({ callback_url: z.url().optional() })
const response = z.object({ msg: z.string() })
const quiet = () => {}

const app = new Ringback({
  title: 'Invoices',
  version: '1.0.0',
  delivery: {
    store: sqliteStore({ path }),
    signing: { masterSecret },
    worker: worker === 'inside',
    destinations: { allow: ['127.0.0.0/8'] },
    concurrency: { total: 64, perOrigin: 64 },
  },
  log: { debug: quiet, info: quiet, warn: console.warn, error: console.error },
})

const invoiceNotification = callback.post('{$callback_url}/invoices/{$request.body.id}', {
  body: z.object({ description: z.string(), paid: z.boolean() }).meta({ id: 'InvoiceEvent' }),
  response: z.object({ ok: z.boolean() }).meta({ id: 'InvoiceEventReceived' }),
})

app.post(
  '/with',
  { query, body: Invoice, response, callbacks: { invoiceNotification } },
  async function createWithCallback({ callbacks }) {
    await callbacks.invoiceNotification?.send({ description: 'Payment celebration', paid: true })
    return { msg: 'Invoice received' }
  },
)
const transaction = dependency({ scope: 'handler' }, async function* () {
  yield 1
})
app.post(
  '/held',
  { query, body: Invoice, response, callbacks: { invoiceNotification }, dependencies: { transaction } },
  async function createInTransaction({ callbacks }) {
    await callbacks.invoiceNotification?.send({ description: 'Payment celebration', paid: true })
    return { msg: 'Invoice received' }
  },
)
app.post(
  '/dependency',
  { query, body: Invoice, response, dependencies: { transaction } },
  async function createWithDependency() {
    return { msg: 'Invoice received' }
  },
)
app.post('/without', { query, body: Invoice, response }, async function createWithoutCallback() {
  return { msg: 'Invoice received' }
})

const { port } = await serve(app, { port: 0, host: '127.0.0.1' })
announce({ port })
