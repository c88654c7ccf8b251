import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import { Type } from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { assertLinted, assertValid } from '../../../test/support/check-document.ts'
import { dependency, Ringback, type Schema } from '../../index.ts'
import { typebox } from '../../typebox.ts'
import type { OpenApiDocument } from './create-document.ts'

const appOf = (query: Schema) => {
  const app = new Ringback({ title: 'Open', version: '1' })
  app.get('/', { query, response: z.unknown() }, ({ query }) => query)
  return app
}

const parametersOf = (document: OpenApiDocument) => document.paths?.['/']?.get?.parameters

const others = (schema: object, required?: true) => ({
  name: 'others',
  in: 'query',
  ...(required && { required }),
  description: 'Parameters with names of their own',
  style: 'form',
  explode: true,
  schema: { type: 'object', ...schema },
})
const q = { name: 'q', in: 'query', required: true, schema: { type: 'string' } }
const numbers = { additionalProperties: { type: 'number' } }

test('a query of free names is described as one exploded object, and read by those names', async () => {
  const documents: Record<string, OpenApiDocument> = {}
  for (const [name, query, sent, read, ...expected] of [
    ['zodRecord', z.record(z.string(), z.number()), 'a=1&b=2', { a: 1, b: 2 }, others(numbers)],
    [
      'zodLists',
      z.record(z.string(), z.array(z.number())),
      'a=1&a=2',
      { a: [1, 2] },
      others({ additionalProperties: { type: 'array', items: { type: 'number' } } }),
    ],
    [
      'zodLoose',
      z.looseObject({ q: z.string() }),
      'q=1&b=2',
      { q: '1', b: '2' },
      q,
      others({ additionalProperties: {} }),
    ],
    [
      'zodCatchall',
      z.object({ q: z.string() }).catchall(z.boolean()),
      'q=x&b=true',
      { q: 'x', b: true },
      q,
      others({ additionalProperties: { type: 'boolean' } }),
    ],
    [
      'zodNames',
      z.record(z.enum(['a', 'b']), z.number()),
      'a=1&b=2',
      { a: 1, b: 2 },
      { name: 'a', in: 'query', required: true, schema: { type: 'number' } },
      { name: 'b', in: 'query', required: true, schema: { type: 'number' } },
    ],
    ['arkRecord', type({ '[string]': 'number' }), 'a=1', { a: 1 }, others(numbers)],
    [
      'arkPattern',
      type({ q: 'string', '[/^x-/]': 'number' }),
      'q=1&x-a=1',
      { q: '1', 'x-a': 1 },
      q,
      others({ patternProperties: { '^x-': { type: 'number' } } }),
    ],
    ['valibotRecord', toStandardJsonSchema(v.record(v.string(), v.number())), 'a=1', { a: 1 }, others(numbers)],
    [
      'valibotRest',
      toStandardJsonSchema(v.objectWithRest({ q: v.string() }, v.number())),
      'q=1&b=2',
      { q: '1', b: 2 },
      q,
      others(numbers),
    ],
    ['typeboxRecord', typebox(Type.Record(Type.String(), Type.Number())), 'a=1', { a: 1 }, others(numbers)],
    [
      'typeboxRest',
      typebox(Type.Object({ q: Type.String() }, { additionalProperties: Type.Number() })),
      'q=1&b=2',
      { q: '1', b: 2 },
      q,
      others(numbers),
    ],
    ['closed', z.strictObject({ q: z.string() }), 'q=1', { q: '1' }, q],
    ['plain', z.object({ q: z.string() }), 'q=1&b=2', { q: '1' }, q],
  ] as const) {
    const app = appOf(query)
    documents[name] = app.openapi()
    assert.deepEqual(parametersOf(app.openapi()), expected, name)
    await assertValid(app.openapi())
    const response = await app.fetch(new Request(`http://a/?${sent}`))
    assert.deepEqual(await response.json(), read, name)
  }
  await assertLinted(documents)
})

test('a record in a query is a deep object', async () => {
  const app = appOf(z.object({ f: z.record(z.string(), z.number()).optional() }))
  assert.deepEqual(parametersOf(app.openapi()), [
    { name: 'f', in: 'query', style: 'deepObject', explode: true, schema: { type: 'object', ...numbers } },
  ])
  const response = await app.fetch(new Request('http://a/?f[x]=1&f[y.z]=2'))
  assert.deepEqual(await response.json(), { f: { x: 1, 'y.z': 2 } })
})

test('the exploded object is named otherwise where a parameter has its name, and stands once', () => {
  const app = new Ringback({ title: 'Open', version: '1' })
  const open = dependency({ query: z.looseObject({ others: z.string() }) }, ({ query }) => query)
  app.get('/', { dependencies: { open }, query: z.record(z.string(), z.string()), response: z.unknown() }, () => 1)
  assert.deepEqual(
    parametersOf(app.openapi())?.map(parameter => 'name' in parameter && parameter.name),
    ['others', '_others'],
  )
})

test('a query whose free names stand for objects is refused, for nothing writes it', () => {
  for (const query of [z.record(z.string(), z.object({ a: z.number() })), z.object({}).catchall(z.object({}))])
    assert.throws(() => appOf(query), /takes objects under names that it does not declare/)
})
