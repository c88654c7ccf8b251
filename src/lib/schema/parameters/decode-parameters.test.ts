import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import fc from 'fast-check'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { serializeJsonPointer } from '../../json/json-pointer.ts'
import { compileSchema } from '../compiled-schema.ts'
import { pathOf } from '../issue.ts'
import { typebox } from '../libraries/typebox.ts'
import type { Schema } from '../schema.ts'
import { compileParameterReader, type ListStyle, type ParameterTexts } from './decode-parameters.ts'

/** The values that texts stand for, or the pointers to what is wrong. */
async function read(schema: Schema, texts: ParameterTexts, style: ListStyle = 'repeated'): Promise<unknown> {
  const result = await compileParameterReader(compileSchema(schema, '"query" of GET /', ['input']), style)(texts)
  return result.issues === undefined ? result.value : result.issues.map(issue => serializeJsonPointer(pathOf(issue)))
}

const same = {
  zod: z.object({
    n: z.number().optional(),
    b: z.boolean().optional(),
    l: z.array(z.number()).optional(),
    f: z.object({ a: z.object({ b: z.number() }).optional(), t: z.array(z.string()).optional() }).optional(),
    s: z.string().optional(),
  }),
  arktype: type({
    'n?': 'number',
    'b?': 'boolean',
    'l?': 'number[]',
    'f?': { 'a?': { b: 'number' }, 't?': 'string[]' },
    's?': 'string',
  }),
  valibot: toStandardJsonSchema(
    v.object({
      n: v.optional(v.number()),
      b: v.optional(v.boolean()),
      l: v.optional(v.array(v.number())),
      f: v.optional(v.object({ a: v.optional(v.object({ b: v.number() })), t: v.optional(v.array(v.string())) })),
      s: v.optional(v.string()),
    }),
  ),
  typebox: typebox(
    Type.Object({
      n: Type.Optional(Type.Number()),
      b: Type.Optional(Type.Boolean()),
      l: Type.Optional(Type.Array(Type.Number())),
      f: Type.Optional(
        Type.Object({
          a: Type.Optional(Type.Object({ b: Type.Number() })),
          t: Type.Optional(Type.Array(Type.String())),
        }),
      ),
      s: Type.Optional(Type.String()),
    }),
  ),
}

const readings: readonly (readonly [ParameterTexts, unknown])[] = [
  [{}, {}],
  [
    { n: '-1.5e3', b: 'true', s: '1' },
    { n: -1500, b: true, s: '1' },
  ],
  [{ n: '', b: 'maybe' }, ['/b', '/n']],
  [{ n: '1e999' }, ['/n']],
  [{ n: '9007199254740993' }, ['/n']],
  [{ n: ['1', '2'], s: ['a', 'a'] }, ['/n', '/s']],
  [{ l: '1' }, { l: [1] }],
  [{ l: ['1', '2'] }, { l: [1, 2] }],
  [{ l: ['1', 'x'] }, ['/l/1']],
  [{ 'f[a][b]': '1', 'f[t]': ['x', 'y'] }, { f: { a: { b: 1 }, t: ['x', 'y'] } }],
  [{ 'f[a][b]': 'x' }, ['/f/a/b']],
  [{ 'f[a][b]': ['1', '2'] }, ['/f/a/b']],
  [{ 'f[a]': '1', 'f[a][b]': '1' }, ['/f/a']],
  [{ f: '1', 'f[a][b]': '1' }, ['/f']],
  [{ undeclared: '1', __proto__x: '1', constructor: '1', 'f[zz]': '1' }, { f: {} }],
]

describe('compileParameterReader', () => {
  for (const [library, schema] of Object.entries(same))
    for (const [texts, expected] of readings)
      test(`reads ${JSON.stringify(texts)} alike with ${library}`, async () => {
        assert.deepEqual(await read(schema, texts), expected)
      })

  test('reads lists with commas in paths, headers and cookies', async () => {
    const schema = z.object({ l: z.array(z.number()), s: z.string(), e: z.array(z.string()) })
    assert.deepEqual(await read(schema, { l: '1, 2,3', s: 'a,b', e: '' }, 'commas'), { l: [1, 2, 3], s: 'a,b', e: [] })
  })

  test('reads "null" as null where the schema takes null', async () => {
    const schema = z.object({ n: z.number().nullable(), s: z.string().nullable() })
    assert.deepEqual(await read(schema, { n: 'null', s: 'null' }), { n: null, s: 'null' })
  })

  test('reads unions, constants and what has a default', async () => {
    const schema = z.object({
      size: z.union([z.literal('auto'), z.number()]).default(1),
      level: z.literal([1, 2]).default(1),
      ids: z.union([z.number(), z.array(z.number())]).optional(),
    })
    assert.deepEqual(await read(schema, {}), { size: 1, level: 1 })
    assert.deepEqual(await read(schema, { size: 'auto', level: '2' }), { size: 'auto', level: 2 })
    assert.deepEqual(await read(schema, { size: '5', level: '3' }), ['/level'])
    assert.deepEqual(await read(schema, { ids: ['1', '2'] }), { size: 1, level: 1, ids: [1, 2] })
  })

  test('refuses a scalar given twice even where the schema would take a list for text', async () => {
    assert.deepEqual(await read(z.object({ s: z.coerce.string() }), { s: ['a', 'b'] }), ['/s'])
  })

  test('passes undeclared names to schemas that say something about them', async () => {
    assert.deepEqual(await read(z.strictObject({ a: z.string() }), { a: 'x', b: '1', 'c[d]': '2' }), ['/b', '/c[d]'])
    assert.deepEqual(await read(z.object({ a: z.string() }).catchall(z.number()), { a: '1', b: '2' }), { a: '1', b: 2 })
    assert.deepEqual(await read(z.record(z.string(), z.boolean()), { x: '1' }), { x: true })
    assert.deepEqual(await read(z.object({ f: z.record(z.string(), z.number()) }), { 'f[x]': '1' }), { f: { x: 1 } })
  })

  test('keeps "__proto__" an ordinary name', async () => {
    const texts = Object.fromEntries([
      ['__proto__', '1'],
      ['f[__proto__][admin]', '1'],
    ])
    const schema = type({ '[string]': 'unknown', f: { '[string]': 'unknown' } })
    const values = (await read(schema, texts)) as { f: object }
    assert.deepEqual(Object.keys(values), ['__proto__', 'f'].toSorted())
    assert.deepEqual(Object.keys(values.f), ['__proto__'])
    assert.equal('admin' in {}, false)
    assert.equal(Object.getPrototypeOf(values), Object.prototype)
  })

  test('reads recursive objects to any depth that clients write', async () => {
    const Node = z.object({
      v: z.number(),
      get next() {
        return Node.optional()
      },
    })
    const schema = z.object({ n: Node })
    assert.deepEqual(await read(schema, { 'n[v]': '1', 'n[next][v]': '2' }), { n: { v: 1, next: { v: 2 } } })
    assert.deepEqual(await read(schema, { [`n[${'next]['.repeat(100_000)}v]`]: '1' }), ['/n'])
  })

  test('takes ten thousand names', async () => {
    const texts = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f[x${index}]`, '1']))
    const { f } = (await read(z.object({ f: z.record(z.string(), z.number()) }), texts)) as { f: object }
    assert.equal(Object.keys(f).length, 10_000)
  })

  test('gives back what was written', async () => {
    const schema = z.object({ n: z.number(), b: z.boolean(), ns: z.array(z.number()), bs: z.array(z.boolean()) })
    const reader = compileParameterReader(compileSchema(schema, '"query" of GET /'), 'repeated')
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()).map(n => n + 0)
    const values = fc.record({
      n: number,
      b: fc.boolean(),
      ns: fc.array(number, { minLength: 1 }),
      bs: fc.array(fc.boolean(), { minLength: 1 }),
    })
    fc.assert(
      fc.property(values, ({ n, b, ns, bs }) => {
        const texts = { n: String(n), b: String(b), ns: ns.map(String), bs: bs.map(bit => String(Number(bit))) }
        assert.deepEqual(reader(texts), { value: { n, b, ns, bs } })
      }),
    )
  })
})
