import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import { Type } from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { compileSchema } from '../compiled-schema.ts'
import { typebox } from '../libraries/typebox.ts'
import type { Schema } from '../schema.ts'
import { validationErrors } from '../validation-error.ts'

const valibot = (entries: v.ObjectEntries): Schema => toStandardJsonSchema(v.object(entries)) as Schema

/** One object in four libraries. */
const libraries: Readonly<Record<string, Schema>> = {
  zod: z.strictObject({
    text: z.string().min(2).max(4),
    email: z.email().optional(),
    code: z
      .string()
      .regex(/^[A-Z]+$/)
      .optional(),
    count: z.int().min(1).max(9).optional(),
    above: z.number().gt(0).lt(1).optional(),
    even: z.number().multipleOf(2).optional(),
    kind: z.enum(['a', 'b']).optional(),
    list: z.array(z.boolean()).min(1).max(2).optional(),
    inner: z.object({ deep: z.string() }).optional(),
  }),
  arktype: type({
    '+': 'reject',
    text: '2 <= string <= 4',
    'email?': 'string.email',
    'code?': /^[A-Z]+$/,
    'count?': '1 <= number.integer <= 9',
    'above?': '0 < number < 1',
    'even?': 'number % 2',
    'kind?': "'a' | 'b'",
    'list?': '1 <= boolean[] <= 2',
    'inner?': { deep: 'string' },
  }),
  valibot: toStandardJsonSchema(
    v.strictObject({
      text: v.pipe(v.string(), v.minLength(2), v.maxLength(4)),
      email: v.optional(v.pipe(v.string(), v.email())),
      code: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]+$/))),
      count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9))),
      above: v.optional(v.pipe(v.number(), v.gtValue(0), v.ltValue(1))),
      even: v.optional(v.pipe(v.number(), v.multipleOf(2))),
      kind: v.optional(v.picklist(['a', 'b'])),
      list: v.optional(v.pipe(v.array(v.boolean()), v.minLength(1), v.maxLength(2))),
      inner: v.optional(v.object({ deep: v.string() })),
    }),
  ) as Schema,
  typebox: typebox(
    Type.Object(
      {
        text: Type.String({ minLength: 2, maxLength: 4 }),
        email: Type.Optional(Type.String({ format: 'email' })),
        code: Type.Optional(Type.String({ pattern: '^[A-Z]+$' })),
        count: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
        above: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 })),
        even: Type.Optional(Type.Number({ multipleOf: 2 })),
        kind: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
        list: Type.Optional(Type.Array(Type.Boolean(), { minItems: 1, maxItems: 2 })),
        inner: Type.Optional(Type.Object({ deep: Type.String() })),
      },
      { additionalProperties: false },
    ),
  ),
}

const mistakes: readonly (readonly [value: unknown, expected: string])[] = [
  [{}, '#/text required'],
  [[], '# type'],
  [null, '# type'],
  ['x', '# type'],
  [{ text: 7 }, '#/text type'],
  [{ text: null }, '#/text type'],
  [{ text: 'x' }, '#/text minLength'],
  [{ text: 'xxxxx' }, '#/text maxLength'],
  [{ text: 'xx', email: 'nobody' }, '#/email format'],
  [{ text: 'xx', code: 'abc' }, '#/code pattern'],
  [{ text: 'xx', count: 1.5 }, '#/count type'],
  [{ text: 'xx', count: 0 }, '#/count minimum'],
  [{ text: 'xx', count: 10 }, '#/count maximum'],
  [{ text: 'xx', count: '1' }, '#/count type'],
  [{ text: 'xx', above: 0 }, '#/above exclusiveMinimum'],
  [{ text: 'xx', above: 1 }, '#/above exclusiveMaximum'],
  [{ text: 'xx', even: 3 }, '#/even multipleOf'],
  [{ text: 'xx', kind: 'c' }, '#/kind enum'],
  [{ text: 'xx', kind: 1 }, '#/kind type'],
  [{ text: 'xx', list: [] }, '#/list minItems'],
  [{ text: 'xx', list: [true, true, true] }, '#/list maxItems'],
  [{ text: 'xx', list: [1] }, '#/list/0 type'],
  [{ text: 'xx', list: {} }, '#/list type'],
  [{ text: 'xx', inner: {} }, '#/inner/deep required'],
  [{ text: 'xx', inner: 1 }, '#/inner type'],
  [{ text: 'xx', other: 1 }, '#/other additionalProperties'],
]

async function codesOf(schema: Schema, value: unknown): Promise<string[]> {
  const result = await compileSchema(schema, 'test').validate(value)
  return validationErrors('body', result.issues ?? []).map(({ pointer, code }) => `${pointer} ${code}`)
}

describe('The code of a mistake', () => {
  for (const [library, schema] of Object.entries(libraries))
    for (const [value, expected] of mistakes)
      it(`is the same in ${library}: ${expected} for ${JSON.stringify(value)}`, async () => {
        assert.deepEqual(await codesOf(schema, value), [expected])
      })

  const others: readonly (readonly [what: string, schema: Schema, value: unknown, expected: readonly string[]])[] = [
    ['a check of the author', z.string().refine(() => false), 'x', ['# invalid']],
    [
      'a check beside a pattern that fits',
      z
        .string()
        .regex(/x/)
        .refine(() => false),
      'x',
      ['# invalid'],
    ],
    ['a union of types', z.union([z.string(), z.number()]), true, ['# type']],
    ['a bound in a union', z.union([z.string().min(3), z.number()]), 'x', ['# minLength']],
    ['a constant', z.literal('x'), 'y', ['# enum']],
    ['null that is allowed beside text', z.string().min(2).nullable(), 'x', ['# minLength']],
    ['a record', z.record(z.string(), z.int()), { a: 'x' }, ['#/a type']],
    ['a tuple', z.tuple([z.string(), z.int()]), ['x', 'y'], ['#/1 type']],
    [
      'the constant of a union of objects',
      z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
      { kind: 'c' },
      ['#/kind enum'],
    ],
    [
      'a missing constant of a union of objects',
      z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
      {},
      ['#/kind required'],
    ],
    ['inherited names', z.object({ constructor: z.string() }), {}, ['#/constructor required']],
    ['a list for an object in valibot', valibot({ a: v.object({}) }), { a: [] }, ['#/a type']],
    ['a list for a record in valibot', valibot({ a: v.record(v.string(), v.number()) }), { a: [] }, ['#/a type']],
    ['a list for an object in arktype', type({ a: { 'b?': 'number' } }), { a: [] }, ['#/a type']],
    ['a list for a record in arktype', type({ a: { '[string]': 'number' } }), { a: [] }, ['#/a type']],
    ['a list beside objects in arktype', type({ a: [{ 'b?': 'number' }, '|', 'string[]'] }), { a: ['x'] }, []],
    ['valibot in a record', valibot({ a: v.record(v.string(), v.number()) }), { a: { b: '' } }, ['#/a/b type']],
  ]
  for (const [what, schema, value, expected] of others)
    it(`is found for ${what}`, async () => {
      assert.deepEqual(await codesOf(schema, value), expected)
    })
})

for (const [library, file] of Object.entries({
  zod: z.object({ file: z.file().min(2).max(4).mime(['text/plain']) }),
  valibot: valibot({ file: v.pipe(v.file(), v.minSize(2), v.maxSize(4), v.mimeType(['text/plain'])) }),
}))
  it(`The code of a file tells of its size and its media type, in ${library}`, async () => {
    const codeOf = async (given: unknown) => {
      const result = await compileSchema(file, 'test').validate({ file: given })
      return result.issues?.map(({ mistake }) => mistake?.code)
    }
    const text = (bytes: number, type = 'text/plain') => new File(['x'.repeat(bytes)], 'a.txt', { type })
    assert.equal(await codeOf(text(3)), undefined)
    assert.deepEqual(await codeOf(text(5)), ['maxLength'])
    assert.deepEqual(await codeOf(text(1)), ['minLength'])
    assert.deepEqual(await codeOf(text(3, 'image/png')), ['format'])
  })
