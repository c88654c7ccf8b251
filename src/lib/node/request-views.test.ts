import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { RawConnection } from '../../../test/support/raw-connection.ts'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { HttpError } from '../http/http-error.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { type ServedApp, serve } from './serve.ts'

/** One application, made twice: answered from Node's own request, and from a web `Request` behind middleware. */
function createApp(log: RecordingLog): Ringback {
  const app = new Ringback({ title: 'Views', version: '1.0.0', log, docs: { openapi: false }, bodyLimitBytes: 1000 })
  const response = z.unknown()
  const body = z.unknown()
  const locked = dependency({}, () => {
    throw new HttpError(401, 'Who are you', { headers: { 'www-authenticate': 'Bearer' } })
  })
  app.get('/text', { response: z.string() }, async () => 'grüß Gott')
  app.get('/nothing', {}, async () => {})
  app.get('/names/{name}', { response }, async ({ params }) => params)
  app.get('/rest/{rest*}', { response }, async ({ params }) => params)
  app.get(
    '/query',
    { query: z.object({ q: z.string().optional(), n: z.number().optional() }), response },
    async ({ query }) => query,
  )
  app.get('/url', { response }, async ({ request }) => request.url)
  app.get(
    '/headers',
    { headers: z.object({ 'x-list': z.string().optional(), authorization: z.string().optional() }), response },
    async ({ headers }) => headers,
  )
  app.get(
    '/cookies',
    { cookies: z.object({ a: z.string().optional(), b: z.string().optional() }), response },
    async ({ cookies }) => cookies,
  )
  app.post('/echo', { body, response }, async ({ body }) => body)
  app.post('/locked', { body, dependencies: { locked }, response }, async ({ body }) => body)
  app.post('/request', { response }, async ({ request }) => ({ text: await request.text(), method: request.method }))
  app.post('/request-after-body', { body, response }, async ({ request }) => ({
    used: request.bodyUsed,
    url: request.url,
  }))
  app.post('/unread', { response }, async () => 'unread')
  app.get('/not-modified', {}, async () => {
    throw new HttpError(304, undefined, { headers: { etag: '"1"' } })
  })
  app.get('/injected', { response }, async ({ respond }) => respond(200, 1, { headers: { 'x-a': 'a\r\nx-b: b' } }))
  app.get('/injected-cookie', { response }, async ({ respond }) =>
    respond(200, 1, { cookies: { a: { value: '1', domain: 'x\r\nx-b: b' } } }),
  )
  app.get('/injected-error', {}, async () => {
    throw new HttpError(400, 'Bad', { headers: { 'x-a': 'a\r\nx-b: b' } })
  })
  app.get('/set-cookies', { response }, async ({ respond }) =>
    respond(200, 1, { headers: { 'set-cookie': ['a=1', 'b=2'] }, cookies: { c: '3' } }),
  )
  app.get('/framing', { response }, async ({ respond }) => respond(200, 1, { headers: { 'content-length': '500' } }))
  app.get(
    '/responses/text',
    {},
    async () =>
      new Response('text', {
        headers: [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      }),
  )
  app.get('/responses/json', {}, async () => Response.json({ a: 1 }, { status: 201 }))
  app.get('/responses/bytes', {}, async () => new Response(new Uint8Array([0, 255, 10])))
  app.get('/responses/empty', {}, async () => new Response(null, { status: 204 }))
  app.get('/responses/null', {}, async () => new Response(null))
  app.get('/responses/stream', {}, async () => new Response(streamOf(['a', 'b', 'c'])))
  app.get('/responses/used', {}, async () => {
    const used = new Response('text')
    await used.text()
    return used
  })
  app.get('/responses/locked', {}, async () => {
    const locked = new Response('text')
    locked.body?.getReader()
    return locked
  })
  app.get('/responses/control-character', {}, async () => new Response('text', { headers: { 'x-a': 'a\x01b' } }))
  app.get(
    '/responses/short',
    {},
    async () => new Response(streamOf(['a', 'b', 'c']), { headers: { 'content-length': '2' } }),
  )
  app.get('/responses/broken-at-once', {}, async () => new Response(brokenStream([])))
  app.get('/responses/broken', {}, async () => new Response(brokenStream(['a', 'b'])))
  app.get('/thrown', {}, async () => {
    throw new Error('a secret of the program')
  })
  app.get('/circular', {}, async () => {
    throw new HttpError(400, 'Circular', { amount: 1n })
  })
  app.get('/slash/', { response }, async () => 'slash')
  app.trace('/trace', { response }, async ({ request }) => request.method)
  return app
}

const encoder = new TextEncoder()

/** A stream whose chunks come one turn of the event loop after another. */
function streamOf(chunks: readonly string[]): ReadableStream<Uint8Array> {
  const waiting = [...chunks]
  return new ReadableStream({
    async pull(controller) {
      await new Promise(resolve => setImmediate(resolve))
      const chunk = waiting.shift()
      if (chunk === undefined) controller.close()
      else controller.enqueue(encoder.encode(chunk))
    },
  })
}

function brokenStream(chunks: readonly string[]): ReadableStream<Uint8Array> {
  const waiting = [...chunks]
  return new ReadableStream({
    async pull(controller) {
      await new Promise(resolve => setImmediate(resolve))
      const chunk = waiting.shift()
      if (chunk === undefined) throw new Error('the source broke')
      controller.enqueue(encoder.encode(chunk))
    },
  })
}

const makers = ["Node's request", 'a web Request'] as const
type Maker = (typeof makers)[number]
const logs = {} as Record<Maker, RecordingLog>
const servers = {} as Record<Maker, ServedApp>

before(async () => {
  for (const maker of makers) {
    logs[maker] = new RecordingLog()
    const app = createApp(logs[maker])
    if (maker === 'a web Request') app.use(async (_c, next) => next())
    servers[maker] = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
  }
})

after(async () => {
  for (const maker of makers) await servers[maker].close()
})

interface Expected {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** How many errors the log gets. Default: none. */
  readonly errors?: number
}

const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\nHost: a.example\r\n${headers}\r\n`
const post = (target: string, body: string, headers = 'Content-Type: application/json\r\n') =>
  `POST ${target} HTTP/1.1\r\nHost: a.example\r\nContent-Length: ${Buffer.byteLength(body, 'latin1')}\r\n${headers}\r\n${body}`
const utf8 = (text: string) => Buffer.from(text).toString('latin1')

const cases: Readonly<Record<string, readonly [request: string, expected: Expected]>> = {
  'text as JSON': [
    get('/text'),
    { status: 200, body: 'grüß Gott', headers: { 'content-type': 'application/json', 'content-length': '13' } },
  ],
  'a HEAD with the length of the GET': [
    'HEAD /text HTTP/1.1\r\nHost: a\r\n\r\n',
    { status: 200, headers: { 'content-length': '13', 'content-type': 'application/json' } },
  ],
  'nothing with 204': [
    get('/nothing'),
    { status: 204, headers: { 'content-length': undefined, 'transfer-encoding': undefined } },
  ],
  'an escaped slash inside a segment': [get('/names/a%2Fb'), { status: 200, body: { name: 'a/b' } }],
  'a bad escape as text': [get('/names/a%zz'), { status: 200, body: { name: 'a%zz' } }],
  'an escape that is no UTF-8 as text': [get('/names/%ff'), { status: 200, body: { name: '%ff' } }],
  'escaped letters': [get('/names/gr%C3%BC%C3%9Fe'), { status: 200, body: { name: 'grüße' } }],
  'letters that should be escaped': [get(utf8('/names/grüße')), { status: 400 }],
  'an escaped literal': [get('/n%61mes/x'), { status: 200, body: { name: 'x' } }],
  'dot segments': [get('/names/../names/./x'), { status: 200, body: { name: 'x' } }],
  'escaped dot segments': [get('/names/%2e%2E/names/%2e/x'), { status: 200, body: { name: 'x' } }],
  'dots that are no segment': [get('/names/...'), { status: 200, body: { name: '...' } }],
  'dot segments behind an escaped slash': [get('/rest/a/..%2F..%2Fb'), { status: 200, body: { rest: 'a/../../b' } }],
  'an empty segment': [get('/rest/a//b'), { status: 200, body: { rest: 'a//b' } }],
  'no empty name': [get('/names/'), { status: 404 }],
  'a path that begins with two slashes': [get('//names/x'), { status: 404 }],
  'an absolute target': [get('http://b.example/names/x'), { status: 200, body: { name: 'x' } }],
  'an absolute target with a query': [get('http://b.example/query?q=1'), { status: 200, body: { q: '1' } }],
  'an absolute target of another scheme': [get('ftp://b.example/names/x'), { status: 400 }],
  'the target "*"': ['OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', { status: 400 }],
  'a backslash in the path': [get('/names\\x'), { status: 400 }],
  'a fragment in the target': [get('/names/x#y'), { status: 200, body: { name: 'x' } }],
  'quotes and bars in the path': [get('/names/"|"'), { status: 200, body: { name: '"|"' } }],
  'a query': [get('/query?q=a+b%20c&n=1'), { status: 200, body: { q: 'a b c', n: 1 } }],
  'a query with a bad escape': [get('/query?q=%zz'), { status: 200, body: { q: '%zz' } }],
  'a query with a question mark': [get('/query?q=a?b'), { status: 200, body: { q: 'a?b' } }],
  'a scalar given twice': [get('/query?n=1&n=2'), { status: 422 }],
  'the URL': [get('/url?a=%20b'), { status: 200, body: 'http://a.example/url?a=%20b' }],
  'a Host with a port': [
    'GET /url HTTP/1.1\r\nHost: a.example:8080\r\n\r\n',
    { status: 200, body: 'http://a.example:8080/url' },
  ],
  'a Host in capitals': ['GET /url HTTP/1.1\r\nHost: A.Example\r\n\r\n', { status: 200, body: 'http://a.example/url' }],
  'an IPv6 Host': ['GET /url HTTP/1.1\r\nHost: [::1]:80\r\n\r\n', { status: 200, body: 'http://[::1]/url' }],
  'a Host with a space': ['GET /text HTTP/1.1\r\nHost: a b\r\n\r\n', { status: 400 }],
  'a Host with a path': ['GET /text HTTP/1.1\r\nHost: a/b\r\n\r\n', { status: 400 }],
  'a Host with user info': ['GET /text HTTP/1.1\r\nHost: u@a\r\n\r\n', { status: 400 }],
  'a Host that is no host': ['GET /url HTTP/1.1\r\nHost: 1.2.3.4.5\r\n\r\n', { status: 400 }],
  'a Host with a port out of range': ['GET /url HTTP/1.1\r\nHost: a:99999\r\n\r\n', { status: 400 }],
  'an empty Host': ['GET /url HTTP/1.1\r\nHost: \r\n\r\n', { status: 200, body: 'http://localhost/url' }],
  'two Hosts': ['GET /url HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', { status: 400 }],
  'no Host in HTTP/1.1': ['GET /text HTTP/1.1\r\n\r\n', { status: 400 }],
  'no Host in HTTP/1.0': ['GET /url HTTP/1.0\r\n\r\n', { status: 200, body: 'http://localhost/url' }],
  'a list header on two lines': [
    get('/headers', 'X-List: a\r\nx-list: b\r\n'),
    { status: 200, body: { 'x-list': 'a, b' } },
  ],
  'Authorization on two lines': [
    get('/headers', 'Authorization: Bearer a\r\nAuthorization: Bearer b\r\n'),
    { status: 200, body: { authorization: 'Bearer a, Bearer b' } },
  ],
  'cookies on two lines': [
    get('/cookies', 'Cookie: a=1\r\nCookie: b=%202\r\n'),
    { status: 200, body: { a: '1', b: ' 2' } },
  ],
  'a JSON body': [post('/echo', '{"a":[1,"x"]}'), { status: 200, body: { a: [1, 'x'] } }],
  'a body with a BOM': [post('/echo', '\xef\xbb\xbf{"a":1}'), { status: 200, body: { a: 1 } }],
  'a body of UTF-8': [post('/echo', utf8('"grüße 🧾"')), { status: 200, body: 'grüße 🧾' }],
  'a body that is no UTF-8': [post('/echo', '"\xff"'), { status: 400 }],
  'a body that is no JSON': [post('/echo', '{"secret'), { status: 400 }],
  'an empty body': [post('/echo', ''), { status: 200 }],
  'a body in chunks': [
    'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n',
    { status: 200, body: [1, 2] },
  ],
  'another media type': [
    post('/echo', 'x=1', 'Content-Type: application/x-www-form-urlencoded\r\n'),
    { status: 415, headers: { accept: 'application/json' } },
  ],
  'no media type': [post('/echo', '1', ''), { status: 415 }],
  'a JSON media type with a suffix and parameters': [
    post('/echo', '1', 'Content-Type: Application/Problem+JSON; charset=utf-8\r\n'),
    { status: 200, body: 1 },
  ],
  'Content-Type on two lines': [
    post('/echo', '1', 'Content-Type: application/json\r\nContent-Type: text/plain\r\n'),
    { status: 415 },
  ],
  'Content-Type on two lines, JSON last': [
    post('/echo', '1', 'Content-Type: text/plain\r\nContent-Type: application/json\r\n'),
    { status: 415 },
  ],
  'a body over the limit': [post('/echo', `"${'x'.repeat(1000)}"`), { status: 413 }],
  'a body of the limit': [post('/echo', `"${'x'.repeat(998)}"`), { status: 200, body: 'x'.repeat(998) }],
  'a 401 before the body is looked at': [
    post('/locked', '{"a', 'Content-Type: text/plain\r\n'),
    { status: 401, headers: { 'www-authenticate': 'Bearer' } },
  ],
  'the body of the web Request': [
    post('/request', '{"a":1}'),
    { status: 200, body: { text: '{"a":1}', method: 'POST' } },
  ],
  'a used web Request after a declared body': [
    post('/request-after-body', '1'),
    { status: 200, body: { used: true, url: 'http://a.example/request-after-body' } },
  ],
  'an unread body': [post('/unread', 'x'.repeat(500)), { status: 200, body: 'unread' }],
  'a 304 without a body': [
    get('/not-modified'),
    { status: 304, headers: { etag: '"1"', 'content-type': undefined, 'content-length': undefined } },
  ],
  'an unknown path': [get('/unknown?secret'), { status: 404, headers: { 'content-type': 'application/problem+json' } }],
  'a wrong method': [post('/text', ''), { status: 405, headers: { allow: 'GET, HEAD' } }],
  'a missing last slash': [
    get('/slash?a=b&c'),
    { status: 307, headers: { location: '/slash/?a=b&c', 'content-length': '0' } },
  ],
  'no redirect to another host': [get('//slash?a'), { status: 404 }],
  TRACE: ['TRACE /trace HTTP/1.1\r\nHost: a\r\n\r\n', { status: 200, body: 'TRACE' }],
  'a line break in a header': [get('/injected'), { status: 500, headers: { 'x-b': undefined }, errors: 1 }],
  'a line break in a cookie': [get('/injected-cookie'), { status: 500, headers: { 'x-b': undefined }, errors: 1 }],
  'a line break in the header of an error': [
    get('/injected-error'),
    { status: 500, headers: { 'x-b': undefined }, errors: 1 },
  ],
  'several cookies': [
    get('/set-cookies'),
    { status: 200, body: 1, headers: { 'set-cookie': 'a=1, b=2, c=3; Path=/; HttpOnly; SameSite=Lax' } },
  ],
  "a length that is not the handler's to say": [get('/framing'), { status: 500, errors: 1 }],
  'a Response of text': [
    get('/responses/text'),
    {
      status: 200,
      body: 'text',
      headers: { 'content-type': 'text/plain;charset=UTF-8', 'content-length': '4', 'set-cookie': 'a=1, b=2' },
    },
  ],
  'a Response of text to HEAD': [
    'HEAD /responses/text HTTP/1.1\r\nHost: a\r\n\r\n',
    { status: 200, headers: { 'content-type': 'text/plain;charset=UTF-8' } },
  ],
  'a Response of JSON': [
    get('/responses/json'),
    { status: 201, body: { a: 1 }, headers: { 'content-type': 'application/json' } },
  ],
  'a Response of bytes': [
    get('/responses/bytes'),
    {
      status: 200,
      body: Buffer.from([0, 255, 10]).toString(),
      headers: { 'content-length': '3', 'content-type': undefined },
    },
  ],
  'a Response without a body and 204': [
    get('/responses/empty'),
    { status: 204, headers: { 'content-length': undefined, 'transfer-encoding': undefined } },
  ],
  'a Response without a body': [get('/responses/null'), { status: 200, body: '', headers: { 'content-length': '0' } }],
  'a Response that streams': [
    get('/responses/stream'),
    { status: 200, body: 'abc', headers: { 'transfer-encoding': 'chunked' } },
  ],
  'a Response that streams to HEAD': ['HEAD /responses/stream HTTP/1.1\r\nHost: a\r\n\r\n', { status: 200 }],
  'a Response that was read before': [get('/responses/used'), { status: 500, errors: 1 }],
  'a Response that someone else reads': [get('/responses/locked'), { status: 500, errors: 1 }],
  'a Response with a control character in a header': [get('/responses/control-character'), { status: 500, errors: 1 }],
  'a Response that breaks off': [get('/responses/broken'), { status: 200, body: 'ab(broken off)', errors: 1 }],
  'a Response that breaks off at once': [get('/responses/broken-at-once'), { status: 500, errors: 1 }],
  'an error of the program': [get('/thrown'), { status: 500, errors: 1 }],
  'a problem that is no JSON': [get('/circular'), { status: 500, errors: 1 }],
}

for (const [name, [request, expected]] of Object.entries(cases))
  test(`serve answers ${name} alike from both kinds of request`, async () => {
    const responses = []
    for (const maker of makers) {
      const { messages } = logs[maker]
      messages.length = 0
      await using connection = await RawConnection.open(servers[maker].port)
      connection.write(request)
      const response = await connection.response(request.slice(0, request.indexOf(' ')))
      assert.ok(response !== undefined, `${maker}: no response`)
      const { date, ...headers } = response.headers
      // The id of a request is its own.
      responses.push({ ...response, headers, body: response.body.replace(/"request_id":"[^"]+"/, '') })
      assert.equal(response.status, expected.status, `${maker}: ${response.body}`)
      if (expected.body !== undefined) assert.deepEqual(bodyOf(response.body), expected.body)
      for (const [name, value] of Object.entries(expected.headers ?? {}))
        assert.equal(headers[name], value, `${maker}: ${name}`)
      assert.doesNotMatch(response.body, /secret|Error:|node_modules/)
      const errors = messages.filter(({ level }) => level === 'error')
      assert.equal(
        errors.length,
        expected.errors ?? 0,
        JSON.stringify(messages.map(({ text, fields }) => [text, String(fields['error'])])),
      )
    }
    assert.deepEqual(responses[0], responses[1])
  })

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
