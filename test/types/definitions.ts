// Definitions: misspelt keys, what is no schema, parts that do not belong together.
import { callback, operation, Ringback } from 'ringback'
import { type } from 'arktype'
import * as v from 'valibot'
import { z } from 'zod'

const app = new Ringback({ title: 'Wrong', version: '1.0.0' })
const Event = z.object({ paid: z.boolean() })
const query = z.object({ url: z.url() })

app.post('/key', {
  // error: Did you mean to write 'response'?
  repsonse: Event,
}, async () => {})

operation('/key', {
  // error: Did you mean to write 'callbacks'?
  calbacks: {},
})

callback.post('{$url}', {
  // error: Did you mean to write 'body'?
  bdy: Event,
})
callback.post('{$url}', {
  // error: Did you mean to write 'responses'?
  respones: { 410: { description: 'Gone' } },
})
callback.post('{$url}', {
  // error: Did you mean to write 'retryDelaysSeconds'?
  retryDelaySeconds: [1],
})
callback.post('{$url}', {
  // error: Type 'string' is not assignable to type 'number'.
  finalStatuses: ['410'],
})
callback.post('{$url}', {
  response: Event,
  // error: Property 'payed' does not exist on type '{ paid: boolean; }'.
  onResponse: response => response.body.payed,
})
callback.post('{$url}', {
  // error: Property 'receiver' does not exist on type 'FailedDelivery'.
  onFailed: delivery => delivery.receiver,
})
new Ringback({
  title: 'Wrong',
  version: '1.0.0',
  delivery: {
    // error: Property 'over' does not exist on type 'Outage'.
    onOutage: ({ over }) => {},
    // error: Type 'number' is not assignable to type 'string'.
    attemptHeaders: async ({ timestamp }) => ({ 'x-timestamp': timestamp }),
  },
})

app.post('/inline', {
  query,
  callbacks: {
    // error: Did you mean to write 'summary'?
    note: callback.post('{$url}', { sumary: 'Note' }),
  },
}, async () => {})

app.get('/params/{id}', {
  // error: no \"{idd}\" in the path \"/params/{id}\"
  params: z.object({ idd: z.string() }),
}, async () => {})

app.get('/no-params', {
  // error: no \"{id}\" in the path \"/no-params\"
  params: z.object({ id: z.string() }),
}, async () => {})

app.post('/bare-object', {
  // error: 'id' does not exist in type 'Schema'.
  body: { id: 'string' },
}, async () => {})

app.post('/bare-response', {
  // error: 'msg' does not exist in type 'Schema | readonly []'.
  response: { msg: z.string() },
}, async () => ({ msg: '' }))

app.post('/valibot', {
  // error: Property 'jsonSchema' is missing in type 'StandardProps<{ id: string; }, { id: string; }>'
  body: v.object({ id: v.string() }),
}, async () => {})

app.post('/text', {
  // error: Type 'string' is not assignable to type 'Schema'.
  body: 'string',
}, async () => {})

callback.post('{$url}', {
  // error: 'paid' does not exist in type 'Schema'.
  body: { paid: z.boolean() },
})

// error: Type 'string' is not assignable to type 'number'.
app.post('/status', { status: '201' }, async () => {})

app.post('/examples', {
  body: Event,
  // error: Type 'string' is not assignable to type 'boolean'.
  examples: { paid: { value: { paid: 'yes' } } },
}, async () => {})

app.get('/undeclared', {}, async ({ query, headers, cookies, body }) => {
  // error: Property 'page' does not exist on type 'Undeclared<"query">'.
  query.page
  // error: Property 'authorization' does not exist on type 'Undeclared<"headers">'.
  headers.authorization
  // error: Property 'session' does not exist on type 'Undeclared<"cookies">'.
  cookies.session
  // error: Property 'id' does not exist on type 'Undeclared<"body">'.
  body.id
})

app.get('/declared/{id}', { query, body: Event }, async ({ params, query, body }) => {
  // error: Property 'idd' does not exist on type 'TemplateParams<"/declared/{id}">'.
  params.idd
  // error: Property 'ulr' does not exist on type '{ url: string; }'.
  query.ulr
  // error: Property 'payed' does not exist on type '{ paid: boolean; }'.
  body.payed
})

app.post('/arktype', {
  query: type({ url: 'string.url' }),
  body: type({ id: 'string' }),
  callbacks: {
    // error: the body has no property \"idd\" at \"idd\"; declared: \"id\"
    note: callback.post('{$url}/{$request.body.idd}', {}),
  },
}, async () => {})

// error: Argument of type '{}' is not assignable to parameter of type 'string | AnyOperation'.
app.get({}, async () => {})

// error: Property 'version' is missing in type '{ title: string; }' but required in type 'RingbackOptions<{}, {}, {}>'.
new Ringback({ title: 'No version' })
// error: Did you mean to write 'redirectSlashes'?
new Ringback({ title: '', version: '', redirectSlash: true })
