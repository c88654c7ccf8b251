// What is given to `send` and `call` of a bound callback.
import { callback, Ringback } from 'ringback'
import { z } from 'zod'

const app = new Ringback({ title: 'Wrong', version: '1.0.0' })
const query = z.object({ url: z.url(), callback_url: z.url().optional() })
const body = z.object({ description: z.string(), paid: z.boolean() })

app.post('/body', {
  query,
  callbacks: {
    event: callback.post('{$url}', { body }),
    empty: callback.post('{$url}', {}),
  },
}, async ({ callbacks }) => {
  await callbacks.event.send({
    description: 'Paid',
    // error: Type 'string' is not assignable to type 'boolean'.
    paid: 'yes',
  })
  // error: Type 'number' is not assignable to type 'string'.
  await callbacks.event.call({ description: 1, paid: true })
  // error: Property 'paid' is missing in type '{ description: string; }' but required in type '{ description: string; paid: boolean; }'.
  await callbacks.event.send({ description: 'Paid' })
  // error: 'total' does not exist in type '{ description: string; paid: boolean; }'.
  await callbacks.event.send({ description: 'Paid', paid: true, total: 7 })
  // error: Expected 1-2 arguments, but got 0.
  await callbacks.event.send()
  // error: Expected 1-2 arguments, but got 0.
  await callbacks.event.call()
  // error: Argument of type '{ description: string; paid: boolean; }' is not assignable to parameter of type 'undefined'.
  await callbacks.empty.send({ description: 'Paid', paid: true })
  // error: Argument of type '"text"' is not assignable to parameter of type 'undefined'.
  await callbacks.empty.call('text')
})

app.post('/options', {
  query,
  callbacks: {
    required: callback.post('{$url}', {
      body,
      headers: z.object({ 'x-tenant': z.string() }),
      query: z.object({ page: z.number() }),
    }),
    header: callback.post('{$url}', { headers: z.object({ 'x-tenant': z.string() }) }),
  },
}, async ({ callbacks }) => {
  const event = { description: 'Paid', paid: true }
  // error: Expected 2 arguments, but got 1.
  await callbacks.required.send(event)
  // error: Property 'query' is missing in type '{ headers: { 'x-tenant': string; }; }' but required in type '{ readonly query: { page: number; }; }'.
  await callbacks.required.send(event, { headers: { 'x-tenant': 'a' } })
  // error: Property 'headers' is missing in type '{ query: { page: number; }; }' but required in type '{ readonly headers: { 'x-tenant': string; }; }'.
  await callbacks.required.send(event, { query: { page: 1 } })
  // error: Property ''x-tenant'' is missing in type '{}' but required in type '{ 'x-tenant': string; }'.
  await callbacks.required.send(event, { headers: {}, query: { page: 1 } })
  // error: Type 'string' is not assignable to type 'number'.
  await callbacks.required.send(event, { headers: { 'x-tenant': 'a' }, query: { page: '1' } })
  // error: Did you mean to write 'recipient'?
  await callbacks.required.send(event, { headers: { 'x-tenant': 'a' }, query: { page: 1 }, recipiant: 'a' })
  // error: Expected 2 arguments, but got 0.
  await callbacks.header.send()
  // error: Expected 2 arguments, but got 1.
  await callbacks.header.send({ headers: { 'x-tenant': 'a' } })
  // error: ''x-tennant'' does not exist in type '{ 'x-tenant': string; }'.
  await callbacks.header.call(undefined, { headers: { 'x-tennant': 'a' } })
})

app.post('/delays', {
  query,
  callbacks: {
    event: callback.post('{$url}', { body }),
  },
}, async ({ callbacks }) => {
  const event = { description: 'Paid', paid: true }
  // error: Type 'string' is not assignable to type 'Date'.
  await callbacks.event.send(event, { at: '2026-01-01' })
  // error: Did you mean to write 'delayMs'?
  await callbacks.event.send(event, { delay: 5 })
})

app.post('/optional', {
  query,
  callbacks: {
    note: callback.post('{$callback_url}', { body }),
  },
}, async ({ callbacks }) => {
  // error: 'callbacks.note' is possibly 'undefined'.
  await callbacks.note.send({ description: 'Paid', paid: true })
  // error: Type 'undefined' is not assignable to type 'string'.
  const url: string = callbacks.note?.url
})

app.post('/names', {
  query,
  callbacks: {
    note: callback.post('{$url}', { body }),
  },
}, async ({ callbacks }) => {
  // error: Property 'notte' does not exist on type 'BoundCallbacks
  await callbacks.notte.send({ description: 'Paid', paid: true })
  // error: Property 'sendd' does not exist on type 'BoundCallback
  await callbacks.note.sendd({ description: 'Paid', paid: true })
})

app.post('/response', {
  query,
  callbacks: {
    note: callback.post('{$url}', { response: z.object({ ok: z.boolean() }), responses: { 410: { description: 'Gone' } } }),
  },
}, async ({ callbacks }) => {
  const { id, url } = await callbacks.note.send()
  const received = await callbacks.note.call()
  // error: 'received.body' is possibly 'undefined'.
  const accepted: boolean = received.body.ok
  // error: This comparison appears to be unintentional because the types '200 | 410' and '404' have no overlap.
  if (received.status === 404) return
  // error: Property 'okay' does not exist on type '{ ok: boolean; }'.
  if (received.status === 200) received.body.okay
})

app.post('/late', {
  query,
  response: z.object({ id: z.string() }),
  callbacks: {
    created: callback.post('{$url}/{$response.body#/id}', { body }),
  },
}, async ({ callbacks }) => {
  const event = { description: 'Paid', paid: true }
  // error: Property 'call' does not exist on type 'LateCallback
  await callbacks.created.call(event)
  // error: Property 'url' does not exist on type 'LateCallback
  const url = callbacks.created.url
  // error: Property 'toJSON' does not exist on type 'LateCallback
  const kept = callbacks.created.toJSON()
  const sent = await callbacks.created.send(event)
  // error: Property 'url' does not exist on type '{ readonly id: string; }'.
  sent.url
  return { id: '1' }
})

app.post('/none', {}, async ({ callbacks }) => {
  // error: Property 'note' does not exist on type 'BoundCallbacks
  await callbacks.note?.send()
})

// error: no \"{item}\" in the URL \"{$url}/items/{item_id}\"
callback.post('{$url}/items/{item_id}', { params: z.object({ item: z.int() }) })

app.post('/path-values', {
  query,
  callbacks: {
    item: callback.post('{$url}/items/{item_id}', { params: z.object({ item_id: z.int() }) }),
    // error: \"{item_id}\" is not a runtime expression: it must begin with \"$\", or be declared in \"params\" if only the sender knows its value
    undeclared: callback.post('{$url}/items/{item_id}', {}),
    none: callback.post('{$url}', {}),
  },
}, async ({ callbacks }) => {
  await callbacks.item.send(undefined, { path: { item_id: 7 } })
  // error: Expected 2 arguments, but got 0.
  await callbacks.item.send()
  // error: Property 'path' is missing in type '{}' but required in type '{ readonly path: { item_id: number; }; }'.
  await callbacks.item.call(undefined, {})
  // error: Type 'string' is not assignable to type 'number'.
  await callbacks.item.send(undefined, { path: { item_id: '7' } })
  // error: Type 'undefined' is not assignable to type 'string'.
  const url: string = callbacks.item.url
  // error: 'path' does not exist in type
  await callbacks.none.send(undefined, { path: { item_id: 7 } })
})
