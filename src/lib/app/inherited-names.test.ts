import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { callback } from '../operation/callback-definition.ts'
import { typebox } from '../schema/libraries/typebox.ts'
import type { Schema } from '../schema/schema.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'

/** Some names that every object inherits. */
const NAMES = ['constructor', 'toString', 'hasOwnProperty'] as const
const standard = (schema: Parameters<typeof toStandardJsonSchema>[0]) => toStandardJsonSchema(schema) as Schema

/** Object schemas with an optional text property of that name. */
const libraries: Readonly<Record<string, (name: string) => Schema>> = {
  zod: name => z.object({ [name]: z.string().optional() }),
  'zod, strict': name => z.strictObject({ [name]: z.string().optional() }),
  'zod, frozen': name => z.object({ [name]: z.string().optional() }).readonly(),
  'zod, asynchronous': name => z.object({ [name]: z.string().optional() }).refine(async () => true),
  valibot: name => standard(v.object({ [name]: v.optional(v.string()) })),
  'valibot, strict': name => standard(v.strictObject({ [name]: v.optional(v.string()) })),
  arktype: name => type({ [`${name}?`]: 'string' }) as unknown as Schema,
  'arktype, strict': name => type({ '+': 'reject', [`${name}?`]: 'string' } as never) as unknown as Schema,
  typebox: name => typebox(Type.Object({ [name]: Type.Optional(Type.String()) })),
  'typebox, strict': name =>
    typebox(Type.Object({ [name]: Type.Optional(Type.String()) }, { additionalProperties: false })),
  'typebox, with a default': name =>
    typebox(Type.Object({ [name]: Type.Optional(Type.String()), other: Type.String({ default: 'x' }) })),
}

const json = { 'content-type': 'application/json' }
const parts = {
  query: (name: string) => ({ path: `/?${name}=given` }),
  headers: (name: string) => ({ headers: { [name]: 'given' } }),
  cookies: (name: string) => ({ headers: { cookie: `${name}=given` } }),
  body: (name: string) => ({ headers: json, body: `{"${name}":"given"}` }),
} as const

describe('A property with the name of an inherited one', () => {
  for (const [library, schemaOf] of Object.entries(libraries))
    for (const [part, given] of Object.entries(parts))
      test(`is read from ${part} where it is sent, and absent otherwise: ${library}`, async () => {
        for (const name of NAMES) {
          const app = new Ringback({ title: 'Names', version: '1.0.0', log: new RecordingLog() })
          app.post(
            '/',
            { [part]: schemaOf(name), response: z.unknown() } as { response: z.ZodUnknown },
            async context => {
              const values = (context as unknown as Record<string, Record<string, unknown>>)[part]!
              return [values[name] ?? null, Object.hasOwn(values, name)]
            },
          )
          await using client = await testClient(app)
          const { path = '/', ...init } = given(name) as { path?: string }
          const with_ = await client.post(path, init)
          assert.deepEqual([with_.status, await with_.json()], [200, ['given', true]], name)
          const without = await client.post('/', part === 'body' ? { json: {} } : {})
          assert.deepEqual([without.status, await without.json()], [200, [null, false]], name)
        }
      })

  for (const [library, schemaOf] of Object.entries(libraries))
    test(`may be missing in a response and in what is sent: ${library}`, async () => {
      for (const name of NAMES) {
        const app = new Ringback({ title: 'Names', version: '1.0.0', log: new RecordingLog() })
        const schema = schemaOf(name)
        const done = callback.post('https://hooks.external.org/', { body: schema })
        app.get('/', { query: z.object({ n: z.number() }), callbacks: { done }, response: schema }, async c => {
          const value = c.query.n === 1 ? { [name]: 'given' } : {}
          await (c.callbacks.done as { send(body: unknown): Promise<unknown> }).send(value)
          return value
        })
        await using client = await testClient(app)
        const sent: unknown[] = []
        client.externalApi('https://hooks.external.org', async request => {
          sent.push(Object.entries((await request.json()) as object).filter(([key]) => key !== 'other'))
          return new Response()
        })
        for (const n of [0, 1]) {
          const response = await client.get(`/?n=${n}`)
          assert.equal(response.status, 200, name)
          const value = Object.entries((await response.json()) as object).filter(([key]) => key !== 'other')
          assert.deepEqual(value, n === 1 ? [[name, 'given']] : [])
        }
        await client.deliver()
        assert.deepEqual(sent.toSorted(), [[], [[name, 'given']]])
      }
    })

  test('is found inside of lists, unions, references and large bodies, and in paths', async () => {
    const Node: z.ZodType<unknown> = z
      .object({
        toString: z.number().optional(),
        get nodes() {
          return z.array(Node).optional()
        },
      })
      .meta({ id: 'Node' })
    const union = z.union([z.object({ kind: z.literal('a'), constructor: z.string().optional() }), z.array(Node)])
    const app = new Ringback({ title: 'Names', version: '1.0.0', log: new RecordingLog() })
    app.post('/{constructor}', { body: union, response: z.unknown() }, async ({ body, params }) => [
      Object.keys(params),
      body,
    ])
    await using client = await testClient(app)
    const many = Array.from({ length: 9_000 }, (_, index) => (index % 2 === 0 ? {} : { nodes: [{}] }))
    for (const body of [{ kind: 'a' }, { kind: 'a', constructor: 'x' }, [{ nodes: [{ toString: 7 }, {}] }], many]) {
      const response = await client.post('/7', { json: body })
      assert.equal(response.status, 200)
      assert.deepEqual(await response.json(), [['constructor'], body])
    }
    const wrong = await client.post('/7', { json: [...many, { nodes: [{ toString: 'x' }] }] })
    assert.equal(wrong.status, 422)
  })
})
