import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { scope, type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { DefinitionError } from '../definition/definition-error.ts'
import { compileJsonCoercion } from './coercion/coerce-json.ts'
import { compileSchema } from './compiled-schema.ts'
import type { SchemaSide } from './libraries/library-facts.ts'
import { typebox } from './libraries/typebox.ts'
import type { Schema } from './schema.ts'

const remedies = {
  zod: /z\.unknown\(\)/,
  arktype: /"unknown"/,
  valibot: /v\.unknown\(\)/,
  typebox: /Type\.Unknown\(\)/,
}

const undescribed: readonly [string, keyof typeof remedies, Schema, SchemaSide][] = [
  ['a Date', 'zod', z.object({ at: z.date() }), 'input'],
  ['a bigint', 'zod', z.bigint(), 'input'],
  ['a Map', 'zod', z.map(z.string(), z.string()), 'input'],
  ['a Set', 'zod', z.set(z.string()), 'input'],
  ['a transform without a pipe', 'zod', z.string().transform(text => text.length), 'output'],
  ['a custom type', 'zod', z.custom<string>(), 'input'],
  ['an instance of a class', 'zod', z.instanceof(URL), 'input'],
  ['a lazy Date', 'zod', z.lazy(() => z.date()), 'output'],
  ['a Date', 'arktype', type({ at: 'Date' }), 'input'],
  ['a bigint', 'arktype', type('bigint'), 'input'],
  ['a Map', 'arktype', type('Map'), 'output'],
  ['a morph of unknown result', 'arktype', type({ a: type('string').pipe(text => text.length) }), 'output'],
  ['a morph to a Date', 'arktype', type('string.date.parse'), 'output'],
  ['a date', 'valibot', toStandardJsonSchema(v.object({ at: v.date() })), 'input'],
  ['a custom type', 'valibot', toStandardJsonSchema(v.custom<string>(() => true)), 'input'],
  [
    'a transform',
    'valibot',
    toStandardJsonSchema(
      v.pipe(
        v.string(),
        v.transform(text => text.length),
      ),
    ),
    'output',
  ],
  ['an empty unsafe type', 'typebox', typebox(Type.Object({ at: Type.Unsafe<Date>({}) })), 'input'],
  ['a bigint', 'typebox', typebox(Type.BigInt()), 'input'],
  ['an undefined', 'typebox', typebox(Type.Object({ a: Type.Undefined() })), 'input'],
  ['a decoded codec', 'typebox', typebox(Type.Decode(Type.String(), text => text.length)), 'output'],
]

describe('compileSchema', () => {
  for (const [what, library, schema, side] of undescribed)
    test(`refuses to describe ${what} of ${library} (${side}), with place and remedy`, () => {
      assert.throws(
        () => compileSchema(schema, '"body" of POST /invoices', [side]),
        (error: Error) =>
          error instanceof DefinitionError &&
          error.message.startsWith('The "body" of POST /invoices cannot be described in JSON Schema: ') &&
          remedies[library].test(error.message) &&
          !error.message.includes('.;'),
      )
    })

  test('names the place of each use, not the first one', () => {
    const schema = z.date()
    assert.throws(() => compileSchema(schema, '"body" of A', ['input']), /The "body" of A/)
    assert.throws(() => compileSchema(schema, '"body" of B', ['input']), /The "body" of B/)
  })

  test('asks only for the side in use', () => {
    const parsed = z.string().transform(text => new Date(text))
    assert.deepEqual(compileSchema(parsed, 'body', ['input']).input, { type: 'string' })
    const sent = z.codec(z.date(), z.iso.datetime(), {
      decode: date => date.toISOString(),
      encode: text => new Date(text),
    })
    assert.equal(compileSchema(sent, 'response', ['output']).output['format'], 'date-time')
    assert.throws(() => compileSchema(sent, 'response').input, DefinitionError)
  })

  for (const [library, schema] of Object.entries({
    zod: z.object({ a: z.unknown(), b: z.any() }),
    arktype: type({ a: 'unknown', b: 'unknown' }),
    valibot: toStandardJsonSchema(v.object({ a: v.unknown(), b: v.any() })),
    typebox: typebox(Type.Object({ a: Type.Unknown(), b: Type.Any() })),
  }))
    test(`leaves an honest unknown of ${library} alone`, () => {
      const { input, output } = compileSchema(schema, 'body')
      assert.deepEqual(input['properties'], { a: {}, b: {} })
      assert.deepEqual(output['properties'], { a: {}, b: {} })
    })

  test('describes less where JSON Schema cannot say more', () => {
    const trimmed = v.pipe(
      v.string(),
      v.trim(),
      v.check(text => text !== 'x'),
      v.brand('Name'),
    )
    assert.deepEqual(compileSchema(toStandardJsonSchema(trimmed), 'body').output, { type: 'string' })
    assert.deepEqual(
      compileSchema(
        z
          .string()
          .trim()
          .refine(text => text !== 'x'),
        'body',
      ).output,
      { type: 'string' },
    )
    assert.deepEqual(
      compileSchema(
        type('string').narrow(text => text !== 'x'),
        'body',
      ).output,
      { type: 'string' },
    )
    const refined = Type.Refine(Type.String(), text => text !== 'x')
    assert.deepEqual(compileSchema(typebox(refined), 'body').output, { type: 'string' })
  })

  for (const given of [undefined, null, {}, 'text', () => 1, Type.String()])
    test(`refuses ${String(given)}, which is not a schema`, () => {
      assert.throws(() => compileSchema(given as never, '"query" of GET /'), /The "query" of GET \/ is not a schema/)
    })

  test('asks for the wrapper of a plain Valibot schema', () => {
    assert.throws(() => compileSchema(v.string() as never, '"body" of POST /'), /toStandardJsonSchema\(\)/)
  })

  test('does not describe a frozen object as "readOnly" of OpenAPI', () => {
    assert.deepEqual(compileSchema(z.object({ a: z.string().readonly() }).readonly(), 'body').input, {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
    })
  })

  test('validates synchronously where the library can, and gives a promise where it cannot', async () => {
    assert.deepEqual(compileSchema(z.string(), 'body').validate('a'), { value: 'a' })
    const checked = compileSchema(
      z.string().refine(async text => text !== 'x', 'is taken'),
      'body',
    ).validate('x')
    assert.ok(checked instanceof Promise)
    const mistake = { code: 'invalid', wantsBoolean: false }
    assert.deepEqual(await checked, { issues: [{ path: [], message: 'is taken', mistake }] })
  })

  test('gives one issue for each place', () => {
    const { validate } = compileSchema(z.object({ mail: z.email().min(5) }), 'body')
    const result = validate({ mail: 'a' })
    assert.ok(!(result instanceof Promise))
    assert.equal(result.issues?.length, 1)
    assert.match(result.issues[0]!.message, /; /)
  })

  test('gives no more issues than a response needs', () => {
    const result = compileSchema(z.array(z.string()), 'body').validate(Array.from({ length: 10_000 }, () => 1))
    assert.ok(!(result instanceof Promise))
    assert.equal(result.issues?.length, 100)
  })

  test('lets an error that a check throws through', () => {
    const schema = z.string().refine(() => {
      throw new RangeError('Invalid time value')
    })
    return assert.rejects(async () => compileSchema(schema, 'body').validate('a'), /Invalid time value/)
  })
})

const nested: z.ZodType = z.lazy(() => z.array(nested))
const nestedValibot: v.GenericSchema = v.lazy(() => v.array(nestedValibot))

for (const [library, schema] of Object.entries({
  zod: nested,
  arktype: scope({ nested: 'nested[]' }).export().nested,
  valibot: toStandardJsonSchema(nestedValibot),
  typebox: typebox(Type.Cyclic({ Nested: Type.Array(Type.Ref('Nested')) }, 'Nested')),
}))
  test(`validate of ${library} refuses a value that is nested too deeply, with a message`, async () => {
    const value: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    const compiled = compileSchema(schema, 'body')
    assert.deepEqual(await compiled.validate(value), {
      issues: [{ path: [], message: 'The value is nested too deeply' }],
    })
    assert.equal(compileJsonCoercion(compiled.input)(value), value)
  })

/** A schema of an unknown library that gives this result. */
const standardSchema = (result: unknown, json: object = { type: 'string' }) => ({
  '~standard': {
    version: 1 as const,
    vendor: 'own',
    validate: () => result,
    jsonSchema: { input: () => json, output: () => json },
  },
})

/** Can be awaited, but is not a promise. */
// biome-ignore lint/suspicious/noThenProperty: that is what is tested
const thenable = (result: unknown) => ({ then: (resolve: (result: unknown) => void) => resolve(result) })

test('any thenable that a validator gives is awaited', async () => {
  const valid = compileSchema(standardSchema(thenable({ value: 'x' })), 'body')
  assert.deepEqual(await valid.validate('x'), { value: 'x' })
  const refused = await compileSchema(standardSchema(thenable({ issues: [{ message: 'No' }] })), 'body').validate('x')
  assert.deepEqual(
    refused.issues?.map(({ path, message }) => ({ path, message })),
    [{ path: [], message: 'No' }],
  )
  class Query {
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    then(resolve: (result: unknown) => void) {
      setImmediate(resolve, { value: undefined })
    }
  }
  assert.deepEqual(await compileSchema(standardSchema(new Query()), 'body').validate('x'), { value: undefined })
})

for (const result of [{}, undefined, null, 'x', true, { valid: true }, [], thenable({}), thenable(undefined)])
  test(`a result with neither value nor issues never passes: ${JSON.stringify(result)}`, async () => {
    const { validate } = compileSchema(standardSchema(result), 'body')
    await assert.rejects(async () => validate('x'), {
      name: 'TypeError',
      message: /"own" returned neither a value nor issues/,
    })
  })
