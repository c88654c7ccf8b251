import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { compileJsonCoercion } from './coerce-json.ts'
import { compileSchema } from './compiled-schema.ts'

const coercionOf = (schema: z.ZodType) => compileJsonCoercion(compileSchema(schema, 'body', ['input']).input)

describe('compileJsonCoercion', () => {
  const decoded: readonly [string, z.ZodType, unknown, unknown][] = [
    ['numbers', z.object({ total: z.number() }), { total: '9999' }, { total: 9999 }],
    ['booleans', z.object({ paid: z.boolean() }), { paid: '1' }, { paid: true }],
    ['lists', z.array(z.int()), ['1', 2, '-3'], [1, 2, -3]],
    ['tuples', z.tuple([z.string(), z.number()], z.boolean()), ['1', '1', '1'], ['1', 1, true]],
    ['records', z.record(z.string(), z.number()), { a: '1' }, { a: 1 }],
    ['nested objects', z.object({ a: z.object({ b: z.number() }).optional() }), { a: { b: '1' } }, { a: { b: 1 } }],
    ['what may be null', z.object({ a: z.number().nullable() }), { a: '1' }, { a: 1 }],
    ['constants', z.object({ a: z.literal([1, 2]) }), { a: '2' }, { a: 2 }],
    ['numbers beside constant text', z.union([z.literal('auto'), z.number()]), '5', 5],
    [
      'intersections',
      z.intersection(z.object({ a: z.number() }), z.object({ b: z.boolean() })),
      { a: '1', b: '0' },
      { a: 1, b: false },
    ],
  ]
  for (const [what, schema, given, expected] of decoded)
    test(`decodes ${what}`, () => assert.deepEqual(coercionOf(schema)(given), expected))

  test('decodes recursive schemas', () => {
    const Node = z.object({
      v: z.number(),
      get kids() {
        return z.array(Node)
      },
    })
    const value = { v: '1', kids: [{ v: '2', kids: [{ v: 'x', kids: [] }] }] }
    assert.deepEqual(coercionOf(Node)(value), { v: 1, kids: [{ v: 2, kids: [{ v: 'x', kids: [] }] }] })
  })

  test('decodes the branch that a constant chooses', () => {
    const schema = z.union([
      z.object({ k: z.literal('number'), x: z.number() }),
      z.object({ k: z.literal('text'), x: z.string() }),
    ])
    assert.deepEqual(coercionOf(schema)({ k: 'number', x: '1' }), { k: 'number', x: 1 })
    assert.deepEqual(coercionOf(schema)({ k: 'text', x: '1' }), { k: 'text', x: '1' })
  })

  for (const text of [
    '',
    ' 1',
    '1 ',
    '0x1',
    '1_000',
    '1e999',
    '-1e999',
    '+1',
    '.5',
    '1.',
    '01',
    'NaN',
    'Infinity',
    '１',
  ])
    test(`leaves ${JSON.stringify(text)} text, which is no number of JSON`, () => {
      assert.equal(coercionOf(z.number())(text), text)
    })

  test('leaves digits text that a double would change', () => {
    assert.equal(coercionOf(z.number())('9007199254740991'), 9007199254740991)
    assert.equal(coercionOf(z.number())('9007199254740993'), '9007199254740993')
  })

  test('never decodes where a schema takes text', () => {
    for (const schema of [
      z.string(),
      z.union([z.number(), z.string()]),
      z.unknown(),
      z.enum(['1', '2']).or(z.number()),
    ])
      assert.equal(coercionOf(schema)('1'), '1')
  })

  test('leaves names such as "__proto__" what they are', () => {
    const value = JSON.parse('{"__proto__":"1","a":"1"}') as object
    const coerced = coercionOf(z.record(z.string(), z.number()))(value) as object
    assert.deepEqual(Object.entries(coerced), [
      ['__proto__', 1],
      ['a', 1],
    ])
    assert.equal(Object.getPrototypeOf(coerced), Object.prototype)
  })

  const schema = z.object({
    number: z.number(),
    text: z.string(),
    either: z.union([z.number(), z.string()]).optional(),
    flags: z.array(z.boolean()).optional(),
    map: z.record(z.string(), z.union([z.literal('1'), z.number()])).optional(),
  })
  const coerce = coercionOf(schema)
  const text = fc.oneof(fc.double().map(String), fc.constantFrom('1', '0', 'true', 'null', '1e400', ''), fc.string())
  const json = fc.record(
    {
      number: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), text),
      text,
      either: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), text),
      flags: fc.array(fc.oneof(fc.boolean(), text)),
      map: fc.dictionary(fc.string(), fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), text)),
    },
    { requiredKeys: ['text'] },
  )

  test('gives the same again when it is asked again', () => {
    fc.assert(
      fc.property(json, value => {
        const once = coerce(value)
        assert.equal(coerce(once), once)
      }),
    )
  })

  test('leaves every value alone that is valid', () => {
    fc.assert(
      fc.property(json, value => {
        const coerced = coerce(value)
        if (schema.safeParse(value).success) assert.equal(coerced, value)
        const again = schema.safeParse(coerced)
        if (again.success) assert.equal(coerce(coerced), coerced)
      }),
    )
  })
})
