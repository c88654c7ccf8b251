import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { assertValid } from '../../../test/support/check-document.ts'
import { RawConnection } from '../../../test/support/raw-connection.ts'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import type { RingbackOptions } from '../app/ringback-options.ts'
import type { RequestBodyObject } from '../openapi/objects/request-body-object.ts'
import { file } from '../operation/bodies/file.ts'
import { form } from '../operation/bodies/form.ts'
import { typebox } from '../schema/libraries/typebox.ts'
import { serve } from './serve.ts'

// Spooled files are looked for here.
const folder = mkdtempSync(join(tmpdir(), 'ringback-test-'))
const given = process.env['TMPDIR']
before(() => {
  process.env['TMPDIR'] = folder
})
after(() => {
  if (given === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = given
  rmSync(folder, { recursive: true })
})

const title = { title: 'Forms', version: '1.0.0' }
const MULTIPART = 'multipart/form-data'
const URLENCODED = 'application/x-www-form-urlencoded'

const newApp = (options: Partial<RingbackOptions> = {}) =>
  new Ringback({ ...title, log: new RecordingLog(), ...options })

async function served(t: TestContext, app: Ringback) {
  const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false, graceMs: 200 })
  t.after(() => server.close())
  return server
}

type Entries = readonly (readonly [name: string, value: string | Blob, fileName?: string])[]

function formData(entries: Entries): FormData {
  const data = new FormData()
  for (const [name, value, fileName] of entries)
    if (typeof value === 'string') data.append(name, value)
    else data.append(name, value, fileName)
  return data
}

const bodyOf = (app: Ringback, path: string): RequestBodyObject => app.openapi().paths![path]!.post!.requestBody!

const problem = async (response: Response) =>
  (await response.json()) as { detail?: string; errors?: { pointer: string }[] }

const Person = z.object({
  name: z.string(),
  age: z.int().optional(),
  member: z.boolean().default(false),
  tags: z.array(z.string()).default([]),
  address: z.object({ city: z.string(), zip: z.number() }).optional(),
})

function personApp() {
  const app = newApp()
  app.post('/people', { body: form(Person), response: z.unknown() }, ({ body, sent }) => ({ body, sent }))
  return app
}

describe('a form of texts', () => {
  it('is read by its schema in both encodings', async t => {
    const { url } = await served(t, personApp())
    const entries: Entries = [
      ['name', 'Ann é'],
      ['age', '41'],
      ['member', 'true'],
      ['tags', 'a'],
      ['tags', 'b'],
      ['x', 'y'],
    ]
    const expected = { name: 'Ann é', age: 41, member: true, tags: ['a', 'b'] }
    const bodies = [new URLSearchParams(entries.map(([name, value]) => [name, value as string])), formData(entries)]
    for (const body of bodies) {
      const response = await fetch(`${url}/people`, { method: 'POST', body })
      assert.deepEqual(await response.json(), { body: expected, sent: expected })
    }
  })

  it('takes one value as a list, objects by brackets or as JSON, and leaves out inputs that were left empty', async t => {
    const { url } = await served(t, personApp())
    const post = async (body: string | FormData) => {
      const headers = typeof body === 'string' ? { 'content-type': `${URLENCODED};charset=UTF-8` } : {}
      return (await fetch(`${url}/people`, { method: 'POST', headers, body })).json()
    }
    const address = { city: 'Bern', zip: 3000 }
    const whole = { name: '', member: false, tags: ['a'], address }
    const sent = { name: '', tags: ['a'], address }
    assert.deepEqual(await post('name=&age=&member=&tags=a&address[city]=Bern&address[zip]=3000'), {
      body: whole,
      sent,
    })
    const data = formData([
      ['name', ''],
      ['age', ''],
      ['tags', 'a'],
      ['address', JSON.stringify(address)],
    ])
    assert.deepEqual(await post(data), { body: whole, sent })
  })

  it('that does not fit is a 422 that names each field', async t => {
    const { url } = await served(t, personApp())
    const body = new URLSearchParams({ age: 'old', member: 'maybe', 'address[city]': 'Bern' })
    const response = await fetch(`${url}/people`, { method: 'POST', body })
    assert.equal(response.status, 422)
    const pointers = (await problem(response)).errors?.map(({ pointer }) => pointer)
    assert.deepEqual(pointers, ['#/address/zip', '#/age', '#/member', '#/name'])
    const twice = await fetch(`${url}/people`, { method: 'POST', body: new URLSearchParams('name=a&name=b') })
    assert.match(JSON.stringify(await twice.json()), /given once, not 2 times/)
  })

  it('may be empty where no field is required', async t => {
    const app = newApp()
    app.post('/form', { body: form(z.object({ n: z.number().default(1) })), response: z.unknown() }, ({ body }) => body)
    const { url } = await served(t, app)
    for (const init of [{}, { body: new URLSearchParams() }, { headers: { 'content-type': URLENCODED } }])
      assert.deepEqual(await (await fetch(`${url}/form`, { method: 'POST', ...init })).json(), { n: 1 })
    assert.equal(bodyOf(app, '/form').required, undefined)
    const none = await fetch(`${(await served(t, personApp())).url}/people`, { method: 'POST' })
    assert.deepEqual([none.status, (await problem(none)).errors?.[0]?.pointer], [422, '#/name'])
  })

  it('takes the names that objects inherit as names', async t => {
    const app = newApp()
    const Names = typebox(Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())])))
    app.post('/form', { body: form(Names), response: z.unknown() }, ({ body }) => Object.entries(body))
    const { url } = await served(t, app)
    const entries: Entries = [
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['__proto__', 'c'],
      ['toString', 'd'],
    ]
    for (const body of [
      formData(entries),
      new URLSearchParams(entries.map(([name, value]) => [name, value as string])),
    ]) {
      const response = await fetch(`${url}/form`, { method: 'POST', body })
      const text = await response.text()
      assert.deepEqual(
        new Map(JSON.parse(text)),
        new Map<string, unknown>([
          ['__proto__', ['a', 'c']],
          ['constructor', 'b'],
          ['toString', 'd'],
        ]),
      )
    }
    assert.equal(({} as { a?: unknown }).a, undefined)
  })

  it('of another media type is a 415 that names both', async t => {
    const { url } = await served(t, personApp())
    const response = await fetch(`${url}/people`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    assert.equal(response.status, 415)
    assert.equal(response.headers.get('accept'), `${URLENCODED}, ${MULTIPART}`)
    assert.match((await problem(response)).detail ?? '', /must be "application\/x-www-form-urlencoded" or "multipart/)
    const broken = await fetch(`${url}/people`, {
      method: 'POST',
      headers: { 'content-type': URLENCODED },
      body: new Uint8Array([255]),
    })
    assert.equal(broken.status, 400)
  })

  it('has limits', async t => {
    const app = newApp()
    const body = form(z.object({ a: z.array(z.string()) }), { maxFields: 2, maxPartBytes: 5 })
    app.post('/form', { body, response: z.unknown() }, ({ body }) => body)
    const { url } = await served(t, app)
    const refused = async (body: BodyInit, message: RegExp) => {
      const response = await fetch(`${url}/form`, { method: 'POST', body })
      assert.equal(response.status, 413)
      assert.match((await problem(response)).detail ?? '', message)
    }
    for (const many of [
      new URLSearchParams('a=1&a=2&a=3'),
      formData([
        ['a', '1'],
        ['a', '2'],
        ['a', '3'],
      ]),
    ])
      await refused(many, /^The form has more than 2 fields$/)
    for (const long of [new URLSearchParams('a=1234567'), formData([['a', '1234567']])])
      await refused(long, /^A field of the form is larger than 5 bytes$/)
    await refused(formData([['a', 'x'.repeat(1_100_000)]]), /^The body is larger than 1048576 bytes$/)
  })
})

const Uploads = z.object({
  title: z.string(),
  image: z.file().max(1_000_000),
  more: z.array(z.file()).default([]),
  none: z.file().optional(),
})

function uploadApp(options: Partial<RingbackOptions> = {}) {
  const app = newApp(options)
  app.post('/files', { body: form(Uploads), response: z.unknown() }, async ({ body }) => ({
    title: body.title,
    image: [body.image.name, body.image.type, body.image.size, (await body.image.text()).slice(0, 3)],
    more: body.more.map(({ name, size }) => [name, size]),
    none: body.none === undefined,
    spooled: readdirSync(folder).length,
  }))
  return app
}

describe('a form with files', () => {
  it('gives web files, of which the large ones stand on the disk until the response has been sent', async t => {
    const { url } = await served(t, uploadApp())
    const image = new Blob(['abc'.repeat(100_000)], { type: 'image/png' })
    const body = formData([
      ['title', 'T'],
      ['image', image, '../../x.png'],
      ['more', new Blob(['1']), 'a'],
      ['more', new Blob(['22']), 'b'],
      ['none', new Blob([]), ''],
    ])
    const response = await fetch(`${url}/files`, { method: 'POST', body })
    assert.deepEqual(await response.json(), {
      title: 'T',
      image: ['x.png', 'image/png', 300_000, 'abc'],
      more: [
        ['a', 1],
        ['b', 2],
      ],
      none: true,
      spooled: 1,
    })
    await removed()
  })

  it('is a 415 as a form of texts, and a 422 where a file does not fit or a text stands for one', async t => {
    const { url } = await served(t, uploadApp())
    const urlencoded = await fetch(`${url}/files`, { method: 'POST', body: new URLSearchParams({ title: 'T' }) })
    assert.deepEqual([urlencoded.status, urlencoded.headers.get('accept')], [415, MULTIPART])
    const pointers = async (entries: Entries) => {
      const response = await fetch(`${url}/files`, { method: 'POST', body: formData(entries) })
      assert.equal(response.status, 422)
      return (await problem(response)).errors?.map(({ pointer }) => pointer)
    }
    assert.deepEqual(
      await pointers([
        ['title', 'T'],
        ['image', 'text'],
      ]),
      ['#/image'],
    )
    assert.deepEqual(
      await pointers([
        ['title', new Blob(['x']), 'f'],
        ['image', new Blob(['x'.repeat(1_000_001)]), 'f'],
      ]),
      ['#/image', '#/title'],
    )
    await removed()
  })

  it('takes 32 MiB unless it says otherwise, and other bodies of the same application 1 MiB', async t => {
    const app = uploadApp()
    app.post('/small', { body: form(z.object({ f: z.file() })), bodyLimitBytes: 1_000, response: z.unknown() }, () => 1)
    app.use('/middle/*', async (_c, next) => next())
    app.post(
      '/middle/files',
      { body: form(z.object({ f: z.file() })), response: z.number() },
      ({ body }) => body.f.size,
    )
    const { url } = await served(t, app)
    const send = (path: string, bytes: number) =>
      fetch(url + path, { method: 'POST', body: formData([['f', new Blob([new Uint8Array(bytes)]), 'f']]) })
    assert.equal(await (await send('/middle/files', 5_000_000)).json(), 5_000_000)
    const tooLarge = await send('/files', 34_000_000)
    assert.deepEqual(
      [tooLarge.status, (await problem(tooLarge)).detail],
      [413, 'The body is larger than 33554432 bytes'],
    )
    assert.equal((await send('/middle/files', 34_000_000)).status, 413)
    assert.equal((await send('/small', 2_000)).status, 413)
    await removed()
  })

  it('leaves no file behind where the client goes away half-way', async t => {
    const server = await served(t, uploadApp())
    await using connection = await RawConnection.open(server.port)
    connection.write(
      `POST /files HTTP/1.1\r\nHost: a\r\nContent-Type: ${MULTIPART}; boundary=b\r\nContent-Length: 900000\r\n\r\n`,
    )
    connection.write('--b\r\nContent-Disposition: form-data; name="image"; filename="f"\r\n\r\n')
    connection.write('x'.repeat(300_000))
    await until(() => readdirSync(folder).length === 1)
    connection.socket.destroy()
    await removed()
  })

  it('leaves no file behind where the handler fails, or the server closes', async t => {
    const app = newApp()
    const held = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const body = form(z.object({ f: z.file() }))
    app.post('/fails', { body }, () => Promise.reject(new Error('No')))
    app.post('/hangs', { body }, () => {
      begun.resolve()
      return held.promise
    })
    const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false, graceMs: 50 })
    t.after(() => held.resolve())
    const large = () => formData([['f', new Blob([new Uint8Array(200_000)]), 'f']])
    assert.equal((await fetch(`${server.url}/fails`, { method: 'POST', body: large() })).status, 500)
    await removed()
    const hanging = fetch(`${server.url}/hangs`, { method: 'POST', body: large() }).catch(() => undefined)
    await begun.promise
    assert.equal(readdirSync(folder).length, 1)
    await server.close()
    await hanging
    assert.deepEqual(readdirSync(folder), [])
  })

  it('keeps its files for work after the response and for streams', async t => {
    const app = newApp()
    const read = Promise.withResolvers<string>()
    const body = form(z.object({ f: z.file() }))
    app.post('/later', { body }, ({ body, background }) => {
      background(async () => {
        await new Promise(resolve => setImmediate(resolve))
        background(async () => read.resolve(await body.f.text()))
      })
    })
    app.post('/echo', { body, openapi: {} }, ({ body }) => new Response(body.f.stream()))
    const { url } = await served(t, app)
    const text = 'x'.repeat(200_000)
    const data = () => formData([['f', new Blob([text]), 'f']])
    await fetch(`${url}/later`, { method: 'POST', body: data() })
    assert.equal(await read.promise, text)
    assert.equal(await (await fetch(`${url}/echo`, { method: 'POST', body: data() })).text(), text)
    await removed()
    const direct = await app.fetch(new Request('http://localhost/echo', { method: 'POST', body: data() }))
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
    assert.equal(await direct.text(), text)
    await removed()
    const unwanted = await app.fetch(new Request('http://localhost/echo', { method: 'POST', body: data() }))
    await unwanted.body?.cancel()
    await removed()
  })

  it('is a 413 or a 503 where there is no room for its files', async t => {
    const app = uploadApp({ spoolLimitBytes: 100_000 })
    const { url } = await served(t, app)
    const body = formData([['image', new Blob([new Uint8Array(300_000)]), 'f']])
    const response = await fetch(`${url}/files`, { method: 'POST', body })
    assert.deepEqual(
      [response.status, (await problem(response)).detail],
      [413, 'The files of the form are larger than 100000 bytes'],
    )
    await removed()
  })
})

describe('the bytes of a multipart form', () => {
  const part = (name: string, value: string, ...headers: string[]) =>
    [`--b`, `Content-Disposition: form-data; name="${name}"`, ...headers, '', value].join('\r\n')
  const bodies: Readonly<Record<string, readonly [body: string, status: number]>> = {
    'a whole form': [`${part('name', 'x')}\r\n--b--\r\n`, 200],
    'a preamble and an epilogue': [`hello\r\n${part('name', 'x')}\r\n--b--\r\nbye`, 200],
    'no end': [part('name', 'x'), 400],
    'half a boundary': [`${part('name', 'x')}\r\n--b`, 400],
    nothing: ['', 400],
    'only an end': ['--b--\r\n', 422],
    'a form inside of a part': [
      `${part('name', '--c\r\nContent-Disposition: form-data; name="name"\r\n\r\ny\r\n--c--', 'Content-Type: multipart/mixed; boundary=c')}\r\n--b--\r\n`,
      200,
    ],
    'the same boundary inside of a part': [`${part('name', part('name', 'y'))}\r\n--b--\r\n`, 200],
    'another form behind the end': [`${part('name', 'x')}\r\n--b--\r\n${part('name', 'y')}\r\n--b--\r\n`, 200],
    'a part without a name': ['--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n', 400],
    'a part without headers': ['--b\r\n\r\nx\r\n--b--\r\n', 422],
  }
  for (const [what, [body, status]] of Object.entries(bodies))
    it(`with ${what} is a ${status}`, async t => {
      const { port } = await served(t, personApp())
      await using connection = await RawConnection.open(port)
      connection.write(
        `POST /people HTTP/1.1\r\nHost: a\r\nContent-Type: ${MULTIPART}; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )
      const response = await connection.response('POST')
      assert.equal(response?.status, status, response?.body)
      await removed()
    })
})

describe('the document of a form', () => {
  const several = ['image/png', 'image/jpeg']
  const schemas = {
    zod: z.object({
      one: z.file().min(1).max(100).mime('image/png'),
      any: z.file().optional(),
      several: z.array(z.file().mime(['image/png', 'image/jpeg'])),
      text: z.string(),
    }),
    valibot: toStandardJsonSchema(
      v.object({
        one: v.pipe(v.file(), v.minSize(1), v.maxSize(100), v.mimeType(['image/png'])),
        any: v.optional(v.file()),
        several: v.array(v.pipe(v.file(), v.mimeType(['image/png', 'image/jpeg']))),
        text: v.string(),
      }),
    ),
    typebox: typebox(
      Type.Object({
        one: Type.Intersect([file({ maxBytes: 100, mediaTypes: ['image/png'] })]),
        any: Type.Optional(file()),
        several: Type.Array(file({ mediaTypes: several })),
        text: Type.String(),
      }),
    ),
    arktype: type({ one: 'File', 'any?': 'File', several: 'File[]', text: 'string' }),
  }
  for (const [library, schema] of Object.entries(schemas))
    it(`shows the files of ${library}, which are read and judged`, async t => {
      const app = newApp()
      const names = (files: readonly File[]) => files.map(({ name }) => name)
      app.post('/files', { body: form(schema), response: z.unknown() }, ({ body }) =>
        names([body.one, ...body.several, ...(body.any === undefined ? [] : [body.any])]),
      )
      const requestBody = bodyOf(app, '/files')
      const shown = requestBody.content[MULTIPART]!
      const properties = (shown.schema as { properties: Record<string, object> }).properties
      assert.deepEqual(Object.keys(requestBody.content), [MULTIPART])
      const binary = { type: 'string', format: 'binary' }
      assert.deepEqual(properties['any'], binary)
      assert.deepEqual(properties['several'], { type: 'array', items: binary })
      if (library === 'zod' || library === 'valibot')
        assert.deepEqual(properties['one'], { ...binary, minLength: 1, maxLength: 100, contentMediaType: 'image/png' })
      if (library !== 'arktype') assert.deepEqual(shown.encoding, { several: { contentType: 'image/png, image/jpeg' } })
      await assertValid(app.openapi())
      const { url } = await served(t, app)
      const png = (name: string) => ['several', new Blob(['x'], { type: 'image/png' }), name] as const
      const one = ['one', new Blob(['x'], { type: 'image/png' }), 'one'] as const
      const post = (entries: Entries) =>
        fetch(`${url}/files`, { method: 'POST', body: formData([['text', 't'], ...entries]) })
      assert.deepEqual(await (await post([one, png('a'), png('b')])).json(), ['one', 'a', 'b'])
      assert.deepEqual(await (await post([one, png('a'), ['any', new Blob(['x']), 'any']])).json(), ['one', 'a', 'any'])
      if (library === 'arktype') return
      const wrong = await post([
        ['one', new Blob(['x'.repeat(101)], { type: 'image/png' }), 'one'],
        ['several', new Blob(['x'], { type: 'text/html' }), 'b'],
      ])
      assert.deepEqual(
        (await problem(wrong)).errors?.map(({ pointer }) => pointer),
        ['#/one', '#/several/0'],
      )
    })

  it('shows both encodings of a form of texts', async () => {
    const app = personApp()
    const requestBody = bodyOf(app, '/people')
    assert.deepEqual(Object.keys(requestBody.content), [URLENCODED, MULTIPART])
    assert.deepEqual(requestBody.content[URLENCODED]!.encoding, { address: { style: 'deepObject', explode: true } })
    assert.equal(requestBody.content[MULTIPART]!.encoding, undefined)
    await assertValid(app.openapi())
  })
})

/** Waits for what the event loop has still to do. */
async function until(holds: () => boolean): Promise<void> {
  const timer = setInterval(() => {}, 1)
  while (!holds()) await new Promise(resolve => setImmediate(resolve))
  clearInterval(timer)
}

const removed = () => until(() => readdirSync(folder).length === 0)
