import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { typebox } from '../schema/libraries/typebox.ts'
import type { Schema } from '../schema/schema.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

const MANY = 20_000
const LONG = 'x'.repeat(100_000)
const keys = (count: number, name = 'k'): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${index}`, 1])))
const list = (count: number, item: string): string => `[${Array.from({ length: count }, () => item).join(',')}]`
const values = Array.from({ length: 500 }, (_, index) => `${index} ${LONG.slice(0, 500)}`)
const standard = (schema: Parameters<typeof toStandardJsonSchema>[0]): Schema => toStandardJsonSchema(schema) as Schema

/** Schemas with the same meaning, and bodies that all of them refuse. */
interface Case {
  readonly schemas: Readonly<Record<string, Schema>>
  readonly bodies: readonly string[]
}

const cases: Readonly<Record<string, Case>> = {
  'closed objects': {
    schemas: {
      zod: z.strictObject({ a: z.number() }),
      valibot: standard(v.strictObject({ a: v.number() })),
      arktype: type({ '+': 'reject', a: 'number' }),
      typebox: typebox(Type.Object({ a: Type.Number() }, { additionalProperties: false })),
    },
    bodies: [keys(MANY), `{"${LONG}":1}`, keys(90, LONG.slice(0, 5000)), keys(100, '\\u0001'.repeat(500)), '[1]', '1'],
  },
  'closed objects in lists': {
    schemas: {
      zod: z.array(z.strictObject({ a: z.number() })),
      valibot: standard(v.array(v.strictObject({ a: v.number() }))),
      arktype: type({ '+': 'reject', a: 'number' }).array(),
      typebox: typebox(Type.Array(Type.Object({ a: Type.Number() }, { additionalProperties: false }))),
    },
    bodies: [list(20, keys(500)), list(MANY, '{}'), list(150, `{"a":"${LONG.slice(0, 2000)}"}`)],
  },
  'unions of closed objects': {
    schemas: {
      zod: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('a'), a: z.number() }),
        z.strictObject({ kind: z.literal('b'), b: z.number() }),
      ]),
      'zod, plain': z.union([
        z.strictObject({ kind: z.literal('a'), a: z.number() }),
        z.strictObject({ kind: z.literal('b'), b: z.number() }),
      ]),
      'zod, exclusive': z.xor([z.looseObject({ a: z.number() }), z.looseObject({ a: z.number() })]),
      valibot: standard(
        v.variant('kind', [
          v.strictObject({ kind: v.literal('a'), a: v.number() }),
          v.strictObject({ kind: v.literal('b'), b: v.number() }),
        ]),
      ),
      arktype: type({ '+': 'reject', kind: "'a'", a: 'number' }).or({ '+': 'reject', kind: "'b'", b: 'number' }),
      typebox: typebox(
        Type.Union([
          Type.Object({ kind: Type.Literal('a'), a: Type.Number() }, { additionalProperties: false }),
          Type.Object({ kind: Type.Literal('b'), b: Type.Number() }, { additionalProperties: false }),
        ]),
      ),
    },
    bodies: [`{"kind":"a",${keys(MANY).slice(1)}`, `{"kind":"${LONG}"}`, `{"kind":{"${LONG}":1}}`],
  },
  'many values': {
    schemas: {
      zod: z.enum(values),
      'zod, literals': z.literal(values),
      valibot: standard(v.picklist(values)),
      arktype: type.enumerated(...values),
      typebox: typebox(Type.Enum(values)),
      'typebox, literals': typebox(Type.Union(values.map(value => Type.Literal(value)))),
    },
    bodies: ['"x"', `"${LONG}"`, `{"${LONG}":1}`],
  },
  'names that do not fit': {
    schemas: {
      zod: z.record(z.string().max(2), z.number()),
      valibot: standard(v.record(v.pipe(v.string(), v.maxLength(2)), v.number())),
      arktype: type({ '[string <= 2]': 'number', '+': 'reject' }),
      typebox: typebox(
        Type.Record(Type.String({ pattern: '^.{1,2}$' }), Type.Number(), { additionalProperties: false }),
      ),
    },
    bodies: [keys(MANY), `{"${LONG}":1}`, keys(90, '\\"'.repeat(1000))],
  },
  'text that does not fit': {
    schemas: {
      zod: z.array(z.string().regex(/^a$/).startsWith('b').max(1)),
      valibot: standard(v.array(v.pipe(v.string(), v.regex(/^a$/), v.startsWith('b'), v.email(), v.maxLength(1)))),
      arktype: type('/^a$/').array(),
      typebox: typebox(Type.Array(Type.String({ pattern: '^a$', format: 'email', maxLength: 1 }))),
    },
    bodies: [
      list(200, `"${LONG.slice(0, 4000)}"`),
      `["${'\u{1f600}'.repeat(20_000)}"]`,
      `["${'\\u0000'.repeat(20_000)}"]`,
    ],
  },
}

function createApp(schemas: Readonly<Record<string, Schema>>) {
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Bounded', version: '1.0.0', log, docs: { openapi: false } })
  for (const [index, body] of Object.values(schemas).entries())
    app.post(`/${index}`, { operationId: `post${index}`, body, response: z.unknown() }, async () => 'taken')
  return { app, log }
}

interface Problem {
  readonly errors: readonly { readonly in: string; readonly pointer: string; readonly detail: string }[]
}

async function problemOf(response: Response, place: string): Promise<Problem> {
  const text = await response.text()
  assert.equal(response.status, 422, `${place}: ${text.slice(0, 200)}`)
  assert.ok(Buffer.byteLength(text) <= 100_000, `${place}: ${text.length}`)
  const problem = JSON.parse(text) as Problem
  assert.ok(problem.errors.length >= 1 && problem.errors.length <= 100, place)
  for (const { detail, pointer } of problem.errors) {
    assert.ok(detail.length <= 200 && pointer.length <= 200, `${place}: ${detail} ${pointer}`)
    assert.ok(detail.isWellFormed() && pointer.isWellFormed(), place)
  }
  return problem
}

const headers = { 'content-type': 'application/json' }

describe('Ringback responds with a bounded problem', () => {
  for (const [name, { schemas, bodies }] of Object.entries(cases))
    test(`where ${name} are sent too much`, async () => {
      const { app, log } = createApp(schemas)
      await using client = await testClient(app)
      for (const [index, library] of Object.keys(schemas).entries())
        for (const [number, body] of bodies.entries())
          await problemOf(await client.post(`/${index}`, { headers, body }), `${library}, body ${number}`)
      assert.deepEqual(log.messages, [])
    })
})

test('Ringback reports each undeclared name, in the order of the names', async () => {
  const { zod, valibot, typebox } = cases['closed objects']!.schemas
  const { app } = createApp({ zod: zod!, valibot: valibot!, typebox: typebox! })
  await using client = await testClient(app)
  for (const index of [0, 1, 2]) {
    const response = await client.post(`/${index}`, { json: { a: 1, c: 1, b: 1, '': 1, 'd/e': 1 } })
    assert.deepEqual(
      (await problemOf(response, String(index))).errors,
      ['#/', '#/b', '#/c', '#/d~1e'].map(pointer => ({
        in: 'body',
        pointer,
        code: 'additionalProperties',
        detail: 'It is not declared',
      })),
    )
  }
})

test('Ringback marks what it has cut, and never cuts a character in two', async () => {
  const { app } = createApp({
    zod: z.record(
      z.string(),
      z.string().refine(() => false, `a${'\u{1f600}'.repeat(200)}`),
    ),
  })
  await using client = await testClient(app)
  const response = await client.post('/0', { json: { ['\u{1f600}'.repeat(200)]: '' } })
  const [error] = (await problemOf(response, '')).errors
  assert.match(error!.detail, /^a(?:\u{1f600})+…$/u)
  assert.match(error!.pointer, /^#\/(?:\u{1f600})+…$/u)
})

test('Ringback names at most 100 mistakes for all parts of a request together', async () => {
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Bounded', version: '1.0.0', log, docs: { openapi: false } })
  const closed = z.strictObject({ a: z.string().optional() })
  app.post('/', { query: closed, cookies: closed, body: closed, response: z.unknown() }, async () => 'taken')
  await using client = await testClient(app)
  const names = Array.from({ length: 90 }, (_, index) => `k${index}`)
  const response = await client.post(`/?${names.join('&')}`, {
    headers: { ...headers, cookie: names.map(name => `${name}=1`).join('; ') },
    body: keys(90),
  })
  assert.equal((await problemOf(response, '')).errors.length, 100)
  const queries = [
    Array.from({ length: 2800 }, (_, index) => `k${index.toString(36)}`).join('&'),
    LONG,
    `${'%F0%9F%98%80'.repeat(1000)}=1`,
  ]
  for (const query of queries) await problemOf(await client.post(`/?${query}`, { json: {} }), query.slice(0, 20))
  assert.deepEqual(log.messages, [])
})

test('Ringback repeats only a part of what a request contains', async () => {
  const app = new Ringback({ title: 'Bounded', version: '1.0.0', docs: { openapi: false } })
  app.post('/', { body: z.unknown(), response: z.unknown() }, async () => 'taken')
  await using client = await testClient(app)
  const responses = [
    await client.post('/', { headers: { 'content-type': `text/${LONG}` }, body: '1' }),
    await client.post('/', { headers, body: LONG }),
    await client.get(`/${LONG}`),
    await client.get('/'),
    await client.request('X'.repeat(10_000), '/'),
    await client.request('X'.repeat(10_000), '/none'),
  ]
  assert.deepEqual(
    responses.map(({ status }) => status),
    [415, 400, 404, 405, 405, 404],
  )
  for (const response of responses) assert.ok((await response.text()).length < 1000, String(response.status))
})
