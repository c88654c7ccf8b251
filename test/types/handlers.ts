// Handlers that stand apart from their operation, and callbacks restored from kept data.
import { callback, type Handler, operation, Ringback } from 'ringback'
import { z } from 'zod'

const app = new Ringback({ title: 'Wrong', version: '1.0.0' })
const read = operation('/invoices/{invoice_id}', { response: z.object({ id: z.string() }), responses: { 404: { description: 'No such invoice' } } })

// error: Property 'invoiceId' does not exist on type 'TemplateParams<"/invoices/{invoice_id}">'. Did you mean 'invoice_id'?
const misreads: Handler<typeof read> = async ({ params }) => ({ id: params.invoiceId })

// error: Type '{ ix: string; }' is not assignable to type 'Responded | Response | { id: string; }'.
const misses: Handler<typeof read> = async () => ({ ix: '1' })

// error: Argument of type '409' is not assignable to parameter of type '200 | 404'.
const wrongStatus: Handler<typeof read> = async ({ respond }) => respond(409)

// error: Type 'number' is not assignable to type 'string'.
app.get(read, async () => ({ id: 1 }))

// error: Property 'invoiceId' does not exist on type 'TemplateParams<"/invoices/{invoice_id}">'. Did you mean 'invoice_id'?
app.get(read, async ({ params }) => ({ id: params.invoiceId }))

const create = operation('/invoices', { body: z.object({ total: z.number() }) })
const creates: Handler<typeof create> = async ({ body }) => console.log(body.total)
// error: Property 'total' is missing in type 'Undeclared<"body">' but required in type '{ total: number; }'.
app.get(read, creates)

const needsMore = async ({ body }: { body: { total: number; customer: string } }) => console.log(body.customer)
// error: Property 'customer' is missing in type '{ total: number; }' but required in type '{ total: number; customer: string; }'.
app.post(create, needsMore)

// error: Expected 2-3 arguments, but got 1.
app.post(create)

// error: a path takes a definition and a handler: (path, { … }, handler)
app.post('/invoices', {})

// error: a path takes a definition and a handler: (path, { … }, handler)
app.post('/invoices', async () => {})

// error: is not assignable to parameter of type 'string'.
app.post(create, {}, async () => {})

// error: Type '{ path: "/invoices"; }' is missing the following properties from type 'AnyOperation': kind, definition
type NoOperation = Handler<{ path: '/invoices' }>

const paid = callback.post('{$callback_url}/invoices/{$request.body.id}', { body: z.object({ paid: z.boolean() }) })

// error: Argument of type 'string' is not assignable to parameter of type 'AnyCallback'.
app.restore('paid', {})
const restored = app.restore(paid, {})
// error: Type 'string' is not assignable to type 'boolean'.
restored.send({ paid: 'yes' })
// error: Expected 1-2 arguments, but got 0.
restored.send()
// error: Property 'paid' does not exist on type 'BoundCallback
restored.paid
// error: Expected 2 arguments, but got 1.
app.restore(paid)

app.get('/about-the-request', {}, ({ clientAddress, var: variables }) => {
  // error: Type 'undefined' is not assignable to type 'string'.
  const address: string = clientAddress
  // error: Type 'unknown' is not assignable to type 'string'.
  const id: string = variables['requestId']
  void [address, id]
})
