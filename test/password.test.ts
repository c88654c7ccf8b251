import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import {
  callback,
  dependency,
  eventStream,
  fileResponse,
  json,
  jsonLines,
  Ringback,
  type Schema,
  sendFile,
  serverSentEvent,
  text,
} from 'ringback'
import { testClient } from 'ringback/testing'
import { typebox } from 'ringback/typebox'
import { Type } from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'

interface Schemas {
  readonly user: Schema
  readonly page: Schema
  readonly either: Schema
}

const ZodUser = z.object({ name: z.string() })
const ArkUser = type({ name: 'string' })
const ValibotUser = v.object({ name: v.string() })
const TypeBoxUser = Type.Object({ name: Type.String() })
const LIBRARIES: Readonly<Record<string, Schemas>> = {
  Zod: {
    user: ZodUser,
    page: z.object({ users: z.array(ZodUser), groups: z.array(z.array(ZodUser)) }),
    either: z.union([z.object({ kind: z.literal('user'), user: ZodUser }), z.object({ kind: z.literal('none') })]),
  },
  ArkType: {
    user: ArkUser,
    page: type({ users: ArkUser.array(), groups: ArkUser.array().array() }),
    either: type({ kind: '"user"', user: ArkUser }).or({ kind: '"none"' }),
  },
  Valibot: {
    user: toStandardJsonSchema(ValibotUser),
    page: toStandardJsonSchema(v.object({ users: v.array(ValibotUser), groups: v.array(v.array(ValibotUser)) })),
    either: toStandardJsonSchema(
      v.union([v.object({ kind: v.literal('user'), user: ValibotUser }), v.object({ kind: v.literal('none') })]),
    ),
  },
  TypeBox: {
    user: typebox(TypeBoxUser),
    page: typebox(Type.Object({ users: Type.Array(TypeBoxUser), groups: Type.Array(Type.Array(TypeBoxUser)) })),
    either: typebox(
      Type.Union([
        Type.Object({ kind: Type.Literal('user'), user: TypeBoxUser }),
        Type.Object({ kind: Type.Literal('none') }),
      ]),
    ),
  },
}

/** A row as a database returns it. */
class Row {
  name = 'Richie'
  password = 'hunter2'
  toJSON() {
    return { name: this.name, password: this.password }
  }
}
const record = () => ({ name: 'Richie', password: 'hunter2' })
const clean = { name: 'Richie' }

/** What handlers send over a WebSocket. */
const MESSAGES = {
  object: record,
  row: () => new Row(),
  deep: () => ({ ...record(), profile: { ...record(), groups: [[new Row()]] } }),
  lists: () => ({ users: [record(), new Row()], groups: [[record()], [], [new Row(), record()]], password: 'hunter2' }),
  union: () => ({ kind: 'user', user: { ...record(), twin: new Row() }, password: 'hunter2' }),
  rowInUnion: () => ({ kind: 'user', user: new Row() }),
  otherBranch: () => ({ kind: 'none', user: record(), password: 'hunter2' }),
  invalid: () => ({ name: 7, users: ['hunter2'], kind: 'hunter2', password: 'hunter2' }),
} as const

describe('A password cannot leave the API', () => {
  for (const [library, { user, page, either }] of Object.entries(LIBRARIES))
    it(`in a response or a callback described with ${library}`, async () => {
      const app = new Ringback({ title: 'Users', version: '1.0.0' })
      const current = dependency({}, () => record())
      const responses = { 404: { body: user } }
      app.get('/object', { response: user }, async () => record())
      app.get('/row', { response: user }, async () => new Row())
      app.get('/nested', { response: page }, async () => ({ users: [record()], groups: [[record()], []] }))
      app.get('/union', { response: either }, async () => ({ kind: 'user', user: record(), password: 'hunter2' }))
      app.get('/other-branch', { response: either }, async () => ({ kind: 'none', user: record() }))
      app.get('/respond', { response: user }, async ({ respond }) => respond(200, record()))
      app.get('/respond-404', { response: user, responses }, async ({ respond }) => respond(404, record()))
      app.get('/dependency', { response: user, dependencies: { current } }, async ({ current }) => current)
      const changed = callback.post('{$request.query.url}', { body: user })
      app.post('/callback', { query: z.object({ url: z.url() }), callbacks: { changed } }, async ({ callbacks }) => {
        await callbacks.changed.send(record())
      })
      await using client = await testClient(app)
      const json = async (path: string): Promise<unknown> => (await client.get(path)).json()
      assert.deepEqual(await json('/object'), clean)
      assert.deepEqual(await json('/row'), clean)
      assert.deepEqual(await json('/nested'), { users: [clean], groups: [[clean], []] })
      assert.deepEqual(await json('/union'), { kind: 'user', user: clean })
      assert.deepEqual(await json('/other-branch'), { kind: 'none' })
      assert.deepEqual(await json('/respond'), clean)
      assert.deepEqual(await json('/respond-404'), clean)
      assert.deepEqual(await json('/dependency'), clean)
      await client.post('/callback?url=https://www.external.org')
      assert.deepEqual(client.deliveries[0]?.body, clean)
    })

  for (const [library, { user, page, either }] of Object.entries(LIBRARIES))
    it(`in a stream, a further status or a content that clients choose, described with ${library}`, async () => {
      const quiet = () => {}
      const app = new Ringback({ title: 'Users', version: '1.0.0', log: { ...console, error: quiet, warn: quiet } })
      const items = async function* () {
        yield record()
        yield new Row()
        yield* [{ ...record(), profile: record() }]
      }
      app.get('/events', { response: eventStream(user) }, items)
      app.get('/named-events', { response: eventStream(user) }, function* () {
        yield serverSentEvent(record(), { event: 'user', id: '1' })
      })
      app.get('/lines', { response: jsonLines(page) }, () => [{ users: [record()], groups: [[new Row()], []] }])
      app.get('/unions', { response: jsonLines(either) }, () => [
        { kind: 'user', user: record(), password: 'hunter2' },
        { kind: 'none', user: record() },
      ])
      app.get('/other-type', { response: json(user, { contentType: 'application/vnd.user+json' }) }, () => record())
      const response = [text('text/csv'), json(user), jsonLines(user)] as const
      app.get('/chosen', { response }, () => ({
        'text/csv': 'name',
        'application/json': async () => new Row(),
        'application/jsonl': items,
      }))
      const responses = { 404: { body: page }, 409: { body: either } }
      app.get('/status/{status}', { response: user, responses }, ({ params, respond }) =>
        params.status === '404'
          ? respond(404, { users: [record()], groups: [[record()]] })
          : respond(409, { kind: 'user', user: new Row() }),
      )
      // A file is sent as it is, so it is refused where anything else is declared.
      const dump = () => sendFile(Buffer.from(JSON.stringify(record())), { contentType: 'application/json' })
      app.get('/file', { response: user }, dump as never)
      app.get('/file-of-many', { response: [user, fileResponse('image/png')] }, () => ({
        'application/json': dump as never,
        'image/png': dump,
      }))
      const changed = callback.post('{$request.query.url}', { body: either })
      app.post('/call', { query: z.object({ url: z.url() }), callbacks: { changed } }, async ({ callbacks }) => {
        await callbacks.changed.call({ kind: 'user', user: record(), password: 'hunter2' })
      })
      await using client = await testClient(app)
      let called: unknown
      client.externalApi('https://www.external.org', async request => {
        called = await request.json()
        return Response.json({})
      })
      const { paths } = app.openapi()
      for (const path of Object.keys(paths ?? {}).filter(path => path !== '/call'))
        for (const accept of ['*/*', 'application/json', 'application/jsonl', 'image/png'])
          for (const status of ['404', '409']) {
            const got = await client.get(path.replace('{status}', status), { headers: { accept } })
            const body = await got.text()
            assert.doesNotMatch(body, /hunter2|password/, `${path}, ${accept}`)
            const isRefused = path === '/file' || (path === '/file-of-many' && accept !== 'application/jsonl')
            assert.equal(got.status >= 500, isRefused, `${path}, ${accept}: ${got.status} ${body}`)
          }
      await client.post('/call?url=https://www.external.org')
      assert.deepEqual(called, { kind: 'user', user: clean })
      const lines = await (await client.get('/chosen', { headers: { accept: 'application/jsonl' } })).text()
      assert.equal(lines, '{"name":"Richie"}\n'.repeat(3))
    })

  for (const [library, { user, page, either }] of Object.entries(LIBRARIES))
    it(`in a message of a WebSocket described with ${library}`, async () => {
      const log = { debug() {}, info() {}, warn() {}, error() {} }
      const app = new Ringback({ title: 'Users', version: '1.0.0', log })
      const laterUser = library === 'Zod' ? ZodUser.refine(async () => true) : user
      for (const [name, schema] of Object.entries({ user, page, either, laterUser, jsonUser: json(user) }))
        app.websocket(`/${name}`, { receive: z.unknown(), send: schema }, async ({ socket }) => {
          for await (const message of socket) {
            const sent: unknown = MESSAGES[message as keyof typeof MESSAGES]()
            // What breaks its schema is refused, and tells the client nothing.
            await socket.send(sent as never)
          }
        })
      await using client = await testClient(app)
      const received = async (path: string, message: keyof typeof MESSAGES) => {
        const socket = await client.websocket(path)
        socket.sendJson(message)
        const got = await socket.receive().catch(async () => JSON.stringify(await socket.closed))
        assert.doesNotMatch(String(got), /hunter2|password/, `${path}, ${message}`)
        return JSON.parse(String(got)) as unknown
      }
      const all = { users: [clean, clean], groups: [[clean], [], [clean, clean]] }
      for (const path of ['/user', '/laterUser', '/jsonUser'])
        for (const message of ['object', 'row', 'deep'] as const) assert.deepEqual(await received(path, message), clean)
      assert.deepEqual(await received('/page', 'lists'), all)
      assert.deepEqual(await received('/either', 'union'), { kind: 'user', user: clean })
      assert.deepEqual(await received('/either', 'rowInUnion'), { kind: 'user', user: clean })
      assert.deepEqual(await received('/either', 'otherBranch'), { kind: 'none' })
      for (const path of ['/user', '/page', '/either', '/laterUser'])
        assert.deepEqual(await received(path, 'invalid'), { code: 1011, reason: '' })
    })

  it('in the reason why a message of a client is refused', async () => {
    const app = new Ringback({ title: 'Users', version: '1.0.0', log: { ...console, debug() {} } })
    for (const [library, { user, either }] of Object.entries(LIBRARIES)) {
      app.websocket(`/${library}/user`, { receive: user }, async ({ socket }) => void (await socket.receive()))
      app.websocket(`/${library}/either`, { receive: either }, async ({ socket }) => void (await socket.receive()))
    }
    await using client = await testClient(app)
    for (const library of Object.keys(LIBRARIES))
      for (const path of ['user', 'either'])
        for (const message of [
          '{"name":7,"kind":"hunter2","password":"hunter2"}',
          '["hunter2"]',
          '{"password":"hunter2",}',
        ]) {
          const socket = await client.websocket(`/${library}/${path}`)
          socket.send(message)
          const { code, reason } = await socket.closed
          assert.equal(code, 1008)
          assert.doesNotMatch(reason, /password/, `${library} ${path} ${message}: ${reason}`)
        }
  })
})
