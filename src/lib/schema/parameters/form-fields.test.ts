import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { compileSchema, type Validated } from '../compiled-schema.ts'
import { typebox } from '../libraries/typebox.ts'
import type { Schema } from '../schema.ts'
import { compileFormReader } from './decode-parameters.ts'
import type { SentByName } from './parameter-tree.ts'

/** What a form of the schema gives for these fields: the value, or the places of its mistakes. */
function read(schema: Schema, fields: SentByName): unknown {
  const reader = compileFormReader(compileSchema(schema, 'the form'))
  const { issues, ...rest } = reader.validate(fields, reader.decode(fields)) as Validated & { value?: unknown }
  return issues === undefined ? rest.value : issues.map(({ path }) => path?.join('/'))
}

const file = (name: string) => new File(['x'], name)

test('An empty text is left out where it cannot be a value, and a text as any other where it can', () => {
  const schema = z.object({
    text: z.string().optional(),
    least: z.string().min(2).optional(),
    email: z.email().optional(),
    coded: z.string().regex(/^\d+$/).optional(),
    free: z.string().regex(/^\d*$/).optional(),
    kind: z.enum(['a', 'b']).optional(),
    none: z.enum(['', 'b']).optional(),
    number: z.number().optional(),
    numbers: z.array(z.number()).optional(),
    texts: z.array(z.string()).optional(),
    either: z.union([z.number(), z.string()]).optional(),
    nullable: z.number().nullable().optional(),
    file: z.file().optional(),
    files: z.array(z.file()).optional(),
  })
  const empty = Object.fromEntries(Object.keys(schema.shape).map(name => [name, '']))
  assert.deepEqual(read(schema, empty), { text: '', free: '', none: '', texts: [''], either: '' })
  assert.deepEqual(read(schema, { numbers: ['', '1', ''], texts: ['', 'a'] }), { numbers: [1], texts: ['', 'a'] })
  assert.deepEqual(read(z.object({ number: z.number(), text: z.string() }), { number: '', text: '' }), ['number'])
})

test('A checkbox that is checked is true', () => {
  const schema = z.object({
    on: z.boolean(),
    all: z.array(z.boolean()),
    text: z.string(),
    either: z.enum(['on', 'off']),
  })
  const fields = { on: 'on', all: ['on', '0'], text: 'on', either: 'on' }
  assert.deepEqual(read(schema, fields), { on: true, all: [true, false], text: 'on', either: 'on' })
  assert.deepEqual(read(z.object({ on: z.boolean(), number: z.number() }), { on: 'On', number: 'on' }), ['number'])
})

test('A file is one value, or an item of a list', () => {
  const [a, b] = [file('a'), file('b')]
  const schema = z.object({
    one: z.file(),
    list: z.array(z.file()),
    both: z.union([z.file(), z.array(z.file())]),
    any: z.unknown(),
    maybe: z.file().nullish(),
  })
  assert.deepEqual(read(schema, { one: a, list: a, both: a, any: a }), { one: a, list: [a], both: a, any: a })
  assert.deepEqual(read(schema, { one: a, list: [a, b], both: [a, b], any: [a, b], maybe: b }), {
    ...{ one: a, list: [a, b], both: [a, b], any: [a, b], maybe: b },
  })
  assert.deepEqual(read(schema, { one: [a, b], list: 'text', both: 'text', any: '', maybe: [a, b] }), [
    'both',
    'list/0',
    'maybe',
    'one',
  ])
})

test('An object is written with brackets or as JSON, which is no wider than what the schema asks for', () => {
  const point = z.object({ x: z.number(), y: z.number().optional() })
  const schema = z.object({ at: point.optional(), all: z.array(point).optional(), free: z.string().optional() })
  assert.deepEqual(read(schema, { at: '{"x":1}', all: ['{"x":2}', ' {"x":3}'] }), {
    at: { x: 1 },
    all: [{ x: 2 }, { x: 3 }],
  })
  assert.deepEqual(read(schema, { 'at[x]': '1', 'at[y]': '2' }), { at: { x: 1, y: 2 } })
  assert.deepEqual(read(schema, { free: '{"x":1}' }), { free: '{"x":1}' })
  for (const text of ['{"x":', '[1]', '1', 'x', `{"x":1,"y":${' '.repeat(100_000)}2}`])
    assert.deepEqual(read(schema, { at: text }), ['at'])
  assert.deepEqual(read(schema, { at: '{"x":"a"}' }), ['at/x'])
  const record = z.object({ meta: z.record(z.string(), z.unknown()) })
  assert.deepEqual(Object.keys((read(record, { meta: '{"__proto__":1,"constructor":2}' }) as { meta: object }).meta), [
    'constructor',
  ])
  assert.equal(({} as { constructor: unknown }).constructor, Object)
})

test('A union of forms is read by the branch that fits', () => {
  const schema = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), value: z.string() }),
    z.object({ kind: z.literal('number'), value: z.number() }),
    z.object({ kind: z.literal('file'), value: z.file() }),
  ])
  const one = file('a')
  assert.deepEqual(read(schema, { kind: 'text', value: '1' }), { kind: 'text', value: '1' })
  assert.deepEqual(read(schema, { kind: 'number', value: '1' }), { kind: 'number', value: 1 })
  assert.deepEqual(read(schema, { kind: 'file', value: one }), { kind: 'file', value: one })
})

test('Forms are read the same way with all libraries', () => {
  const schemas: Readonly<Record<string, Schema>> = {
    zod: z.object({
      name: z.string(),
      age: z.number().optional(),
      on: z.boolean().optional(),
      tags: z.array(z.string()),
    }),
    arktype: type({ name: 'string', 'age?': 'number', 'on?': 'boolean', tags: 'string[]' }),
    valibot: toStandardJsonSchema(
      v.object({
        name: v.string(),
        age: v.optional(v.number()),
        on: v.optional(v.boolean()),
        tags: v.array(v.string()),
      }),
    ),
    typebox: typebox(
      Type.Object({
        name: Type.String(),
        age: Type.Optional(Type.Number()),
        on: Type.Optional(Type.Boolean()),
        tags: Type.Array(Type.String()),
      }),
    ),
  }
  for (const [library, schema] of Object.entries(schemas)) {
    const fields = { name: '7', age: '41', on: '1', tags: 'a' }
    assert.deepEqual(read(schema, fields), { name: '7', age: 41, on: true, tags: ['a'] }, library)
    assert.deepEqual(read(schema, { name: '', age: '', on: '', tags: [] }), { name: '', tags: [] }, library)
    assert.deepEqual(read(schema, { name: ['a', 'b'], age: 'x', tags: file('a') }), ['age', 'name', 'tags/0'], library)
  }
})
