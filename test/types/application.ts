// No mistakes: what an application may say, through the package as its users see it.
import { callback, type CallbackData, dependency, type Handler, operation, Ringback, Router, type Schema } from 'ringback'
import { apiKey, httpBasic, httpBearer } from 'ringback/security'
import { z } from 'zod'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false
declare function same<A, B>(equal: Same<A, B>): void
type IsOptional<T> = undefined extends T ? true : false

const Invoice = z.object({ id: z.string(), title: z.string().nullish(), customer: z.string(), total: z.number() }).meta({ id: 'Invoice' })
const InvoiceEvent = z.object({ description: z.string(), paid: z.boolean() }).meta({ id: 'InvoiceEvent' })
const InvoiceEventReceived = z.object({ ok: z.boolean() }).meta({ id: 'InvoiceEventReceived' })
const event = { description: 'Payment celebration', paid: true }

// The application of the README
export const invoiceCallbacks = {
  invoiceNotification: callback.post('{$callback_url}/invoices/{$request.body.id}', {
    body: InvoiceEvent,
    response: InvoiceEventReceived,
  }),
}

export const app = new Ringback({ title: 'Invoices', version: '1.0.0' })

app.post('/invoices/', {
  summary: 'Create an invoice',
  query: z.object({ callback_url: z.url().optional() }),
  body: Invoice,
  response: z.object({ msg: z.string() }),
  callbacks: invoiceCallbacks,
}, async function createInvoice({ body, callbacks }) {
  same<typeof body.title, string | null | undefined>(true)
  same<IsOptional<typeof callbacks.invoiceNotification>, true>(true)
  await callbacks.invoiceNotification?.send({ description: 'Payment celebration', paid: true })
  return { msg: 'Invoice received' }
})

app.get('/health', {}, async () => {})
const response: Promise<Response> = app.fetch(new Request('http://localhost/health'))

// A router: its prefix, dependencies and callbacks are there in its handlers
const database = dependency({ scope: 'app' }, async function* () {
  yield { find: (id: string) => ({ id, name: 'Richie' }) }
})
const hook = dependency(
  { query: z.object({ callback_url: z.url().optional() }), dependencies: { database, token: httpBearer() } },
  ({ query, database, token }) => ({ url: query.callback_url, user: database.find(token) }),
)
const alert = callback.post('{$callback_url}/{$request.path.tenant}', { body: InvoiceEvent })
const router = new Router({ prefix: '/tenants/{tenant}', tags: ['tenants'], dependencies: { hook }, callbacks: { alert } })

router.post('/invoices/{id}', {
  body: Invoice,
  response: Invoice,
  callbacks: { own: callback.post('{$callback_url}/{$request.body.id}/{$request.path.id}', {}) },
}, async ({ params, hook, callbacks, body }) => {
  same<typeof params.tenant, string>(true)
  same<typeof params.id, string>(true)
  same<typeof hook, { url: string | undefined; user: { id: string; name: string } }>(true)
  same<IsOptional<typeof callbacks.alert>, true>(true)
  same<IsOptional<typeof callbacks.own>, true>(true)
  await callbacks.alert?.send(event)
  await callbacks.own?.send()
  return body
})

// The same callback and dependency under the same name at two levels are no conflict
router.get('/same', { dependencies: { hook }, callbacks: { alert } }, async ({ hook, callbacks }) => {
  same<typeof hook.user.name, string>(true)
  await callbacks.alert?.send(event)
})

// An operation that stands apart fits a router whose dependencies bring what its callbacks read
const apart = operation('/apart', { body: Invoice })
const handler: Handler<typeof apart> = async ({ body }) => console.log(body.total)
router.post(apart, handler)

// Routers in routers, the same one twice
const outer = new Router({ prefix: '/outer' })
outer.include(router, { prefix: '/v1', dependencies: { database }, callbacks: { alert } })
app.include(outer)
app.include(router, { prefix: '/v2', responses: { 404: { description: 'None' } }, deprecated: true })

// What the app itself declares is there in its own handlers
const guarded = new Ringback({
  title: 'Guarded',
  version: '1.0.0',
  dependencies: { hook },
  callbacks: { note: callback.post('{$callback_url}', { body: InvoiceEvent }) },
  lifespan: async function* (app) {
    await app.fetch(new Request('http://localhost/'))
    yield
  },
})
guarded.get('/', {}, async ({ hook, callbacks }) => {
  same<typeof hook.user.name, string>(true)
  await callbacks.note?.send(event)
})
guarded.include(router)

// Stand-ins have the type of what they stand in for
const undo: () => void = app.override(database, () => ({ find: id => ({ id, name: 'Stand-in' }) }))
app.override(hook, async () => ({ url: undefined, user: { id: '1', name: 'Stand-in' } }))

// Security schemes
app.get('/me', {
  dependencies: { token: httpBearer(), key: apiKey({ in: 'header', name: 'X-Key' }), login: httpBasic() },
}, async ({ token, key, login }) => {
  same<typeof token, string>(true)
  same<typeof key, string>(true)
  same<typeof login.username, string>(true)
})

// A callback kept and restored
app.post('/keep', { query: z.object({ callback_url: z.url() }), body: Invoice, callbacks: invoiceCallbacks }, async ({ callbacks }) => {
  const kept: CallbackData = callbacks.invoiceNotification.toJSON()
  const restored = app.restore(invoiceCallbacks.invoiceNotification, kept)
  same<typeof restored, typeof callbacks.invoiceNotification>(true)
  await restored.send(event)
  const received = await restored.call(event)
  same<typeof received.body, { ok: boolean }>(true)
})

// Helpers that are generic over a schema, the app or a path that is not known
function crud<B extends Schema>(app: Ringback, body: B) {
  app.post('/crud', { body, response: z.object({ ok: z.boolean() }) }, async ({ body }) => ({ ok: body !== undefined }))
}
crud(app, Invoice)
declare const path: string
app.get(path, { response: z.object({ id: z.string() }) }, async ({ params }) => ({ id: String(params.id) }))

class AlarmError extends Error {
  readonly level = 7
}
app.onError(AlarmError, error => Response.json({ level: error.level.toFixed() }, { status: 500 }))
app.get(path, { params: z.object({ id: z.number() }) }, async ({ params }) => same<typeof params, { id: number }>(true))
app.get(`${path}/{id}`, {
  callbacks: { note: callback.post('https://www.external.org/{$request.path.id}', {}) },
}, async ({ params, callbacks }) => {
  same<typeof params.id, string>(true)
  await callbacks.note?.send()
})
