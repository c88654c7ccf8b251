// Headers of responses.
import { dependency, type Handler, operation, Ringback, Router } from 'ringback'
import { z } from 'zod'

const app = new Ringback({ title: 'Wrong', version: '1.0.0' })
const Total = z.object({ 'x-total': z.int(), 'x-last': z.boolean().optional() })
const response = z.object({ msg: z.string() })

app.get('/right', { response, responseHeaders: Total }, async ({ respond }) =>
  respond(200, { msg: '' }, { headers: { 'x-total': 3, etag: 'a', 'x-list': [1, 'a'] }, cookies: { a: 'b' } }))

app.get('/optional', { response, responseHeaders: z.object({ 'x-total': z.int().optional() }) }, async ({ respond, request }) =>
  request.method === 'GET' ? { msg: '' } : respond(200, { msg: '' }))

app.get('/defaulted', { response, responseHeaders: z.object({ 'x-total': z.int().default(1) }) }, async () => ({ msg: '' }))

app.get('/web', { response, responseHeaders: Total }, async () => new Response('{}'))

app.get('/plain', { response, responseHeaders: Total },
  // error: 'a header of this response is required'
  async () => ({ msg: '' }))

app.get('/nothing', { responseHeaders: Total },
  // error: Type 'void' is not assignable to type
  async () => {})

app.get('/without', { response, responseHeaders: Total },
  // error: Expected 3 arguments, but got 2.
  async ({ respond }) => respond(200, { msg: '' }))

app.get('/without-headers', { response, responseHeaders: Total },
  // error: Property 'headers' is missing in type
  async ({ respond }) => respond(200, { msg: '' }, { cookies: { a: 'b' } }))

app.get('/other', { response, responseHeaders: Total },
  // error: Property ''x-total'' is missing in type '{ etag: string; }'
  async ({ respond }) => respond(200, { msg: '' }, { headers: { etag: 'a' } }))

app.get('/text', { response, responseHeaders: Total },
  // error: Type 'string' is not assignable to type 'number'.
  async ({ respond }) => respond(200, { msg: '' }, { headers: { 'x-total': '3' } }))

app.get('/date', { response },
  // error: Type 'Date' is missing the following properties from type 'readonly (string | number | boolean)[]'
  async ({ respond }) => respond(200, { msg: '' }, { headers: { 'last-modified': new Date() } }))

app.get('/status', { response, responses: { 429: { headers: z.object({ 'retry-after': z.int() }) }, 404: {} } },
  async ({ respond, request }) => {
    if (request.url === '1') return respond(429, undefined, { headers: { 'retry-after': 3 } })
    if (request.url === '2') return respond(404)
    // error: Expected 3 arguments, but got 1.
    if (request.url === '3') return respond(429)
    // error: Type 'boolean' is not assignable to type 'number'.
    if (request.url === '4') return respond(429, undefined, { headers: { 'retry-after': true } })
    return { msg: '' }
  })

const listed = operation('/listed', { response, responseHeaders: Total })
export const good: Handler<typeof listed> = async ({ respond }) => respond(200, { msg: '' }, { headers: { 'x-total': 3 } })
// error: 'a header of this response is required'
export const bad: Handler<typeof listed> = async () => ({ msg: '' })

const router = new Router()
router.get('/plain', { response, responseHeaders: Total },
  // error: Type '{ msg: string; }' is not assignable to type 'Returned<
  () => ({ msg: '' }))

export const tracing = dependency({}, ({ responseHeaders, setCookie }) => {
  responseHeaders.set('x-trace', 'a')
  setCookie('a', { value: 'b', maxAgeSeconds: 3 })
  // error: 'maxAge' does not exist in type
  setCookie('a', { value: 'b', maxAge: 3 })
})

app.get('/reserved', {
  // error: "the handler already has \"responseHeaders\"
  dependencies: { responseHeaders: tracing },
}, async () => {})
