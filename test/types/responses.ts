// What a handler returns.
import { callback, fileResponse, json, redirect, Ringback, sendFile, text } from 'ringback'
import { z } from 'zod'

const app = new Ringback({ title: 'Wrong', version: '1.0.0' })
const Invoice = z.object({ id: z.string(), msg: z.string() })
const Problem = z.object({ detail: z.string() })

app.post('/missing-field', { response: Invoice },
  // error: Property 'msg' is missing in type '{ id: string; }' but required in type '{ id: string; msg: string; }'.
  async () => ({ id: '1' }))

app.post('/wrong-type', { response: Invoice },
  // error: Type 'number' is not assignable to type 'string'.
  async () => ({ id: 1, msg: '' }))

app.post('/named', { response: Invoice },
  // error: Property 'msg' is missing in type '{ id: string; }' but required in type '{ id: string; msg: string; }'.
  async function createInvoice() {
    return { id: '1' }
  })

app.post('/wrong-literal', { response: z.object({ status: z.enum(['paid', 'open']) }) },
  // error: open" | "paid
  async () => ({ status: 'payed' }))

app.post('/nothing', { response: Invoice },
  // error: Type 'void' is not assignable to type 'Responded | Response | { id: string; msg: string; }'.
  async () => {})

app.post('/something', {},
  // error: Type '{ id: string; }' is not assignable to type 'void | Responded | Response'.
  async () => ({ id: '1' }))

app.post('/array', { response: z.array(Invoice) },
  // error: Type '{ id: string; msg: string; }' is not assignable to type '{ id: string; msg: string; }[] | Responded | Response'.
  async () => ({ id: '1', msg: '' }))

app.post('/sometimes', { response: Invoice },
  // error: Type 'undefined' is not assignable to type 'Responded | Response | { id: string; msg: string; }'.
  async ({ request }) => {
    if (request.method === 'POST') return { id: '1', msg: '' }
    return undefined
  })

app.post('/statuses', { response: Invoice, status: 201, responses: { 404: { body: Problem }, 409: { description: 'Conflict' } } },
  async ({ respond, request }) => {
    // error: Argument of type '400' is not assignable to parameter of type '201 | 404 | 409'.
    if (request.url === '1') return respond(400, { detail: '' })
    // error: Argument of type '200' is not assignable to parameter of type '201 | 404 | 409'.
    if (request.url === '2') return respond(200, { id: '1', msg: '' })
    // error: 'id' does not exist in type '{ detail: string; }'.
    if (request.url === '3') return respond(404, { id: '1' })
    // error: Expected 2-3 arguments, but got 1.
    if (request.url === '4') return respond(404)
    // error: Argument of type '{ detail: string; }' is not assignable to parameter of type 'undefined'.
    if (request.url === '5') return respond(409, { detail: '' })
    // error: Property 'msg' is missing in type '{ id: string; }' but required in type '{ id: string; msg: string; }'.
    if (request.url === '6') return respond(201, { id: '1' })
    // error: Expected 2-3 arguments, but got 1.
    if (request.url === '7') return respond(201)
    // error: Did you mean to write 'headers'?
    if (request.url === '8') return respond(409, undefined, { header: { a: 'b' } })
    // error: 'maxAge' does not exist in type '{ readonly value: string; readonly maxAgeSeconds?: number;
    if (request.url === '9') return respond(409, undefined, { cookies: { a: { value: 'b', maxAge: 3 } } })
    return { id: '1', msg: '' }
  })

app.delete('/no-content', {},
  // error: Argument of type '{ id: string; }' is not assignable to parameter of type 'void'.
  async ({ respond }) => respond(204, { id: '1' }))

app.delete('/no-content-200', {},
  // error: Argument of type '200' is not assignable to parameter of type '204'.
  async ({ respond }) => respond(200))

app.get('/repeated', {
  response: Invoice,
  responses: {
    // error: 200 is the status of the main response: remove it here
    200: { description: 'Fine' },
  },
}, async () => ({ id: '1', msg: '' }))

app.get('/repeated-status', {
  response: Invoice,
  status: 201,
  responses: {
    // error: 201 is the status of the main response: remove it here
    201: { body: Invoice },
  },
}, async () => ({ id: '1', msg: '' }))

app.get('/repeated-204', {
  responses: {
    // error: 204 is the status of the main response: remove it here
    204: { description: 'Nothing' },
  },
}, async () => {})

app.get('/body-of-204', {
  response: Invoice,
  // error: 'a response with this status has no body': "remove \"response\" or \"status\""
  status: 204,
}, async () => ({ id: '1', msg: '' }))

app.get('/not-a-declaration', {
  response: Invoice,
  responses: {
    // error: put the schema under \"body\": write 404: { body: schema }
    404: Problem,
  },
}, async () => ({ id: '1', msg: '' }))

app.get('/misspelt-declaration', {
  response: Invoice,
  responses: {
    // error: Did you mean to write 'body'?
    404: { boddy: Problem },
  },
}, async () => ({ id: '1', msg: '' }))

callback.post('{$url}', {
  response: Invoice,
  responses: {
    // error: 200 is the status of the main response: remove it here
    200: { description: 'Fine' },
    // error: put the schema under \"body\": write 410: { body: schema }
    410: Problem,
  },
})

callback.post('{$url}', {
  response: Invoice,
  // error: 'a response with this status has no body': "remove \"response\" or \"status\""
  status: 204,
})

app.get('/choice', { response: [json(Invoice), text('text/csv')] },
  // error: Property '"text/csv"' is missing in type
  () => ({ 'application/json': { id: '1', msg: '' } }))

app.get('/choice-wrong', { response: [Invoice, text('text/csv')] },
  // error: Type 'number' is not assignable to type 'string | (() => MaybePromise<string>)'.
  () => ({ 'application/json': { id: '1', msg: '' }, 'text/csv': 7 }))

app.get('/choice-plain', { response: [Invoice, text('text/csv')] },
  // error: Type '{ id: string; msg: string; }' is not assignable to type 'Returned<Choice<
  () => ({ id: '1', msg: '' }))

app.get('/file', { response: fileResponse('image/png') },
  // error: Type 'string' is not assignable to type 'Returned<FileResponseSchema<"image/png">
  () => '/etc/passwd')

app.get('/file-json', { response: Invoice },
  // error: Type 'SentFile' is not assignable to type 'Returned<ZodObject<
  () => sendFile('invoice.json'))

app.get('/redirect', { status: 307 },
  // error: Argument of type '200' is not assignable to parameter of type 'RedirectStatus | undefined'.
  () => redirect('/x', 200))
