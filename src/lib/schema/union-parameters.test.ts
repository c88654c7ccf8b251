import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import { array, boolean, assert as check, constantFrom, integer, oneof as oneOf, property } from 'fast-check'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { compileSchema } from './compiled-schema.ts'
import { typebox } from './libraries/typebox.ts'
import { compileParameterReader, type ListStyle, type ParameterTexts } from './parameters/decode-parameters.ts'
import type { Schema } from './schema.ts'

/** The values that texts stand for, or "refused". */
async function read(schema: Schema, texts: ParameterTexts, style: ListStyle = 'repeated'): Promise<unknown> {
  const result = await compileParameterReader(compileSchema(schema, '"query" of GET /', ['input']), style)(texts)
  return result.issues === undefined ? result.value : 'refused'
}

const FILTERS = {
  zod: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), value: z.string() }),
    z.object({ kind: z.literal('range'), value: z.number(), other: z.number() }),
    z.object({ kind: z.literal('flag'), value: z.boolean() }),
    z.object({ kind: z.literal('list'), value: z.array(z.number()) }),
  ]),
  arktype: type({ kind: "'text'", value: 'string' })
    .or({ kind: "'range'", value: 'number', other: 'number' })
    .or({ kind: "'flag'", value: 'boolean' })
    .or({ kind: "'list'", value: 'number[]' }),
  valibot: toStandardJsonSchema(
    v.variant('kind', [
      v.object({ kind: v.literal('text'), value: v.string() }),
      v.object({ kind: v.literal('range'), value: v.number(), other: v.number() }),
      v.object({ kind: v.literal('flag'), value: v.boolean() }),
      v.object({ kind: v.literal('list'), value: v.array(v.number()) }),
    ]),
  ),
  typebox: typebox(
    Type.Union([
      Type.Object({ kind: Type.Literal('text'), value: Type.String() }),
      Type.Object({ kind: Type.Literal('range'), value: Type.Number(), other: Type.Number() }),
      Type.Object({ kind: Type.Literal('flag'), value: Type.Boolean() }),
      Type.Object({ kind: Type.Literal('list'), value: Type.Array(Type.Number()) }),
    ]),
  ),
}

const DEEP = {
  zod: z.object({ f: FILTERS.zod }),
  arktype: type({ f: FILTERS.arktype }),
  valibot: toStandardJsonSchema(
    v.object({
      f: v.variant('kind', [
        v.object({ kind: v.literal('text'), value: v.string() }),
        v.object({ kind: v.literal('range'), value: v.number(), other: v.number() }),
        v.object({ kind: v.literal('flag'), value: v.boolean() }),
        v.object({ kind: v.literal('list'), value: v.array(v.number()) }),
      ]),
    }),
  ),
  typebox: typebox(
    Type.Object({
      f: Type.Union([
        Type.Object({ kind: Type.Literal('text'), value: Type.String() }),
        Type.Object({ kind: Type.Literal('range'), value: Type.Number(), other: Type.Number() }),
        Type.Object({ kind: Type.Literal('flag'), value: Type.Boolean() }),
        Type.Object({ kind: Type.Literal('list'), value: Type.Array(Type.Number()) }),
      ]),
    }),
  ),
}

const SENT = [
  [
    { kind: 'text', value: '5' },
    { kind: 'text', value: '5' },
  ],
  [
    { kind: 'range', value: '5', other: '6' },
    { kind: 'range', value: 5, other: 6 },
  ],
  [
    { kind: 'flag', value: 'true' },
    { kind: 'flag', value: true },
  ],
  [
    { kind: 'flag', value: '1' },
    { kind: 'flag', value: true },
  ],
  [
    { kind: 'list', value: '5' },
    { kind: 'list', value: [5] },
  ],
  [
    { kind: 'list', value: ['5', '6'] },
    { kind: 'list', value: [5, 6] },
  ],
  [{ kind: 'range', value: 'x', other: '6' }, 'refused'],
  [{ kind: 'none', value: '5' }, 'refused'],
] as const

describe('unions whose branches want different types under one name', () => {
  for (const library of ['zod', 'arktype', 'valibot', 'typebox'] as const) {
    test(`${library}: each branch is reached as a whole group and inside of an object`, async () => {
      for (const [texts, wanted] of SENT) {
        assert.deepEqual(await read(FILTERS[library], texts), wanted, JSON.stringify(texts))
        const deep = Object.fromEntries(Object.entries(texts).map(([name, text]) => [`f[${name}]`, text]))
        assert.deepEqual(await read(DEEP[library], deep), wanted === 'refused' ? wanted : { f: wanted })
      }
    })

    test(`${library}: each branch is reached where commas stand between items`, async () => {
      for (const style of ['commas', 'encodedCommas'] as const) {
        for (const [texts, wanted] of SENT.filter(([{ value }]) => typeof value === 'string'))
          assert.deepEqual(await read(FILTERS[library], texts, style), wanted, JSON.stringify(texts))
        assert.deepEqual(await read(FILTERS[library], { kind: 'list', value: '5,6' }, style), {
          kind: 'list',
          value: [5, 6],
        })
      }
    })
  }

  test('properties are read one by one', async () => {
    const codeOrNumber = z.union([z.string().regex(/^x/), z.number(), z.boolean()])
    const names = ['a', 'b', 'c', 'd', 'e']
    const schema = z.object(Object.fromEntries(names.map(name => [name, codeOrNumber])))
    assert.deepEqual(await read(schema, { a: 'x1', b: '2', c: 'true', d: 'x', e: '7' }), {
      a: 'x1',
      b: 2,
      c: true,
      d: 'x',
      e: 7,
    })
    assert.deepEqual(await read(z.object({ l: z.array(codeOrNumber) }), { l: ['x1', '2', 'x', '3'] }), {
      l: ['x1', 2, 'x', 3],
    })
  })

  test('a plain union takes the branch that fits, even with unions inside of it', async () => {
    const schema = z.union([
      z.strictObject({ a: z.string(), from: z.string().regex(/^x/) }),
      z.strictObject({ n: z.number(), from: z.union([z.iso.date(), z.number()]), to: z.number() }),
      z.strictObject({ n: z.string(), tags: z.array(z.string()) }),
    ])
    assert.deepEqual(await read(schema, { n: '1', from: '2', to: '3' }), { n: 1, from: 2, to: 3 })
    assert.deepEqual(await read(schema, { n: '1', from: '2026-01-01', to: '3' }), { n: 1, from: '2026-01-01', to: 3 })
    assert.deepEqual(await read(schema, { n: '1', tags: 'a' }), { n: '1', tags: ['a'] })
    assert.deepEqual(await read(schema, { a: '1', from: 'x' }), { a: '1', from: 'x' })
  })

  test('asynchronous validation chooses a branch, too', async () => {
    const schema = z.object({ a: z.union([z.string().refine(async text => text.startsWith('x')), z.number()]) })
    assert.deepEqual(await read(schema, { a: '5' }), { a: 5 })
    assert.deepEqual(await read(schema, { a: 'x5' }), { a: 'x5' })
  })

  test('a group is validated 16 times at most, and its first reading tells what is wrong', async () => {
    const never = z.union([z.string().min(99), z.number().min(99), z.array(z.number().min(99)), z.boolean()])
    const schema = z.object(Object.fromEntries([...'abcdefgh'].map(name => [name, never])))
    const texts = Object.fromEntries([...'abcdefgh'].map(name => [name, '5']))
    const { validations, result } = await counted(schema, texts)
    assert.equal(validations, 16)
    assert.deepEqual(result, compileSchema(schema, 'schema').validate(texts))
  })

  test('parameters that are right at once, or have no union, are validated once', async () => {
    for (const [schema, texts] of [
      [z.object({ a: z.number() }), { a: 'x' }],
      [z.object({ a: z.number().nullable() }), { a: 'x' }],
      [FILTERS.zod, { kind: 'text', value: '5' }],
    ] as const)
      assert.equal((await counted(schema, texts)).validations, 1)
  })
})

async function counted(schema: Schema, texts: ParameterTexts) {
  let validations = 0
  const compiled = compileSchema(schema, '"query" of GET /', ['input'])
  const counting = {
    source: schema,
    vendor: 'zod',
    input: compiled.input,
    output: compiled.output,
    validate(value: unknown) {
      validations += 1
      return compiled.validate(value)
    },
  }
  const result = await compileParameterReader(counting, 'repeated')(texts)
  return { validations, result }
}

test('each item of a list is read by its own branch, however many there are', () => {
  const item = z.union([z.number(), z.boolean(), z.iso.date(), z.strictObject({})])
  const group = compileSchema(z.object({ a: z.array(item) }), 'query', ['input'])
  const values = oneOf(integer(), boolean(), constantFrom('2026-01-01', '1999-12-31'))
  for (const style of ['repeated', 'commas', 'encodedCommas'] as const) {
    const read = compileParameterReader(group, style)
    check(
      property(array(values, { minLength: 2, maxLength: 90 }), a => {
        const texts = a.map(String)
        assert.deepEqual(read({ a: style === 'repeated' ? texts : texts.join() }), { value: { a } })
      }),
    )
  }
})

test('refusing a list of many unions takes little of the thread', () => {
  const item = z.union([z.number(), z.boolean(), z.iso.date(), z.object({ k: z.number() })])
  const group = compileSchema(z.object({ a: z.array(item), f: z.record(z.string(), item) }), 'query', ['input'])
  const many = (text: (index: number) => string) => Array.from({ length: 10_000 }, (_, index) => text(index))
  for (const texts of [
    { a: many(() => '') },
    { a: many(index => (index === 9_999 ? 'x' : '1')) },
    { a: many(index => (index % 2 === 0 ? 'true' : '2026-01-01')), f: '1' },
    Object.fromEntries(many(index => `f[${index}][k]`).map(name => [name, 'x'])),
  ]) {
    const read = compileParameterReader(group, 'repeated')
    const before = process.threadCpuUsage()
    const result = read(texts)
    const { user, system } = process.threadCpuUsage(before)
    assert.ok('issues' in result)
    assert.ok(user + system < 400_000, `${(user + system) / 1_000} ms`)
  }
})
