import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type } from 'arktype'
import fc from 'fast-check'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { arktypeSchemas } from '../../../../test/fuzz/schemas/arktype.ts'
import { typeboxSchemas } from '../../../../test/fuzz/schemas/typebox.ts'
import { valibotSchemas } from '../../../../test/fuzz/schemas/valibot.ts'
import { zodSchemas } from '../../../../test/fuzz/schemas/zod.ts'
import { refusedConstructsOf } from '../../../../test/support/refused-constructs.ts'
import { compileSchema } from '../../schema/compiled-schema.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import { typebox } from '../../schema/libraries/typebox.ts'
import type { Schema } from '../../schema/schema.ts'
import { generatorForm } from './generator-form.ts'

const formOf = (schema: Schema) => generatorForm(compileSchema(schema, 'body').input)

const either = { anyOf: [{ type: 'string' }, { type: 'number' }] }
const status = { anyOf: [{ type: 'string', enum: ['draft', 'open'] }, { type: 'null' }] }
const pair = { type: 'array', minItems: 2, items: { type: 'number' }, maxItems: 2 }
const mixed = {
  type: 'array',
  minItems: 2,
  prefixItems: [{ type: 'string' }, { type: 'number' }],
  maxItems: 2,
}

describe('generatorForm', () => {
  const same = (name: string, expected: object, schemas: Readonly<Record<string, Schema>>) => {
    for (const [library, schema] of Object.entries(schemas))
      it(`writes ${name} of ${library} as generators take it`, () => {
        assert.deepEqual(formOf(schema), expected)
      })
  }

  same('a tuple of one kind', pair, {
    Zod: z.tuple([z.number(), z.number()]),
    ArkType: type(['number', 'number']),
    Valibot: toStandardJsonSchema(v.strictTuple([v.number(), v.number()])),
    TypeBox: typebox(Type.Tuple([Type.Number(), Type.Number()])),
  })

  same('a tuple of several kinds', mixed, {
    Zod: z.tuple([z.string(), z.number()]),
    ArkType: type(['string', 'number']),
    Valibot: toStandardJsonSchema(v.strictTuple([v.string(), v.number()])),
    TypeBox: typebox(Type.Tuple([Type.String(), Type.Number()])),
  })

  it('writes no rest of a tuple that is too short for one, and the length of a longer one apart', () => {
    const [text, number] = [{ type: 'string' }, { type: 'number' }]
    const tuple = { type: 'array', prefixItems: [text, number], items: number }
    const all = { type: 'array', prefixItems: [text, number], maxItems: 1 }
    assert.deepEqual(generatorForm({ ...tuple, maxItems: 1 }), all)
    assert.deepEqual(generatorForm({ ...tuple, maxItems: 2 }), { ...all, maxItems: 2 })
    assert.deepEqual(generatorForm({ ...tuple, maxItems: 3 }), { ...tuple, allOf: [{ maxItems: 3 }] })
    assert.deepEqual(generatorForm(tuple), tuple)
    const list = { type: 'array', items: text, maxItems: 0 }
    assert.deepEqual(generatorForm(list), list)
  })

  it('writes a number of 32 bits by its name, and text constants without a format', () => {
    const isOne = v.union([v.literal('b8f5e0b6-0000-4000-8000-000000000000'), v.pipe(v.string(), v.uuid())])
    assert.deepEqual(formOf(z.float32()), { type: 'number', format: 'float' })
    const branches = formOf(toStandardJsonSchema(isOne))['anyOf'] as JsonSchema[]
    assert.deepEqual(
      branches.map(({ format }) => format),
      [undefined, 'uuid'],
    )
    assert.equal(formOf(typebox(Type.Enum(['a'], { format: 'uuid' })))['format'], undefined)
  })

  it('writes any JSON value as no type at all, and keeps what is less than that', () => {
    const anything = z.json().describe('Anything')
    const { properties } = formOf(z.object({ any: anything, list: z.array(z.json()) }))
    assert.deepEqual(properties, { any: { description: 'Anything' }, list: { type: 'array', items: {} } })
    const less = z.lazy(
      (): z.ZodType => z.union([z.string(), z.number(), z.null(), z.array(less), z.record(z.string(), less)]),
    )
    assert.ok('$ref' in (formOf(z.object({ less }))['properties'] as Record<string, JsonSchema>)['less']!)
  })

  same('an enum that may be null', status, {
    Zod: z.enum(['draft', 'open']).nullable(),
    ArkType: type("'draft' | 'open' | null"),
    Valibot: toStandardJsonSchema(v.nullable(v.picklist(['draft', 'open']))),
    TypeBox: typebox(Type.Union([Type.Literal('draft'), Type.Literal('open'), Type.Null()])),
  })

  same('text or a number', either, {
    Zod: z.union([z.string(), z.number()]),
    Valibot: toStandardJsonSchema(v.union([v.string(), v.number()])),
    TypeBox: typebox(Type.Union([Type.String(), Type.Number()])),
  })

  same(
    'whole constants',
    { type: 'integer', enum: [1, 2, 3] },
    {
      Zod: z.literal([1, 2, 3]),
      ArkType: type('1 | 2 | 3'),
      Valibot: toStandardJsonSchema(v.picklist([1, 2, 3])),
      TypeBox: typebox(Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)])),
    },
  )

  const members = { a: { type: 'number' }, b: { type: 'number' } }
  const record = { type: 'object', properties: members, additionalProperties: false }
  same('a record of an enum', { ...record, required: ['a', 'b'] }, { Zod: z.record(z.enum(['a', 'b']), z.number()) })
  same('a partial record of an enum', record, { Zod: z.partialRecord(z.enum(['a', 'b']), z.number()) })

  it('finds the names of a record behind a reference', () => {
    const Name = z.enum(['a', 'b']).meta({ id: 'Name', title: 'A name' })
    const { $defs, ...form } = formOf(z.record(Name, z.number()))
    assert.deepEqual(form, { ...record, required: ['a', 'b'] })
    assert.deepEqual(Object.keys($defs as object), ['Name'])
  })

  it('leaves a record alone whose names are more than a list', () => {
    const open = { type: 'object', propertyNames: { type: 'string', minLength: 2 }, additionalProperties: {} }
    const pattern = {
      propertyNames: { type: 'string', enum: ['a', 'b'] },
      patternProperties: { b: {} },
      additionalProperties: {},
    }
    assert.deepEqual([generatorForm(open), generatorForm(pattern)], [open, pattern])
  })

  it('keeps what is said of the whole beside the union, and what is said of one type with it', () => {
    const form = generatorForm({
      type: ['string', 'number', 'null'],
      description: 'A length',
      default: 1,
      minLength: 2,
      minimum: 1,
      format: 'date',
    })
    const anyOf = [{ type: 'string', minLength: 2, format: 'date' }, { type: 'number', minimum: 1 }, { type: 'null' }]
    assert.deepEqual(form, { description: 'A length', default: 1, anyOf })
  })

  it('takes a union inside of a union apart', () => {
    const inner = { type: 'array', items: {} }
    assert.deepEqual(generatorForm({ anyOf: [{ type: ['string', 'number'] }, inner] }), {
      anyOf: [...either.anyOf, inner],
    })
  })

  it('says how large an integer may be, and nothing of one that 32 bits hold', () => {
    const shown = (schema: Schema) => formOf(schema)['format']
    assert.deepEqual(
      [z.int(), z.int().min(0), z.int().lt(2 ** 31 + 1), z.literal(2 ** 40)].map(shown),
      Array(4).fill('int64'),
    )
    assert.deepEqual(
      [
        z.int32(),
        z
          .int()
          .min(0)
          .lt(2 ** 31),
        z.literal(7),
      ].map(shown),
      [undefined, undefined, undefined],
    )
  })

  it('takes nothing where "const" is not among "enum"', () => {
    assert.deepEqual(generatorForm({ enum: [null, 1], const: 'b' }), { not: {} })
    assert.deepEqual(generatorForm({ enum: ['b', null], const: 'b' }), { type: 'string', const: 'b' })
  })

  it('lets the same values through as before, whatever the schema', () => {
    const lists = fc.array(values, { minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(schemas, lists, (schema, list) => list.forEach(judgeOf(schema))),
      { numRuns: 200 },
    )
  })

  it('holds nothing that generators refuse, whatever the schema', () => {
    fc.assert(
      fc.property(schemas, schema => assert.deepEqual(refusedConstructsOf(generatorForm(schema)), [])),
      {
        numRuns: 1_000,
      },
    )
  })

  for (const [library, { bodies, forms, ...others }] of Object.entries({
    zod: zodSchemas,
    valibot: valibotSchemas,
    arktype: arktypeSchemas,
    typebox: typeboxSchemas,
  }))
    it(`keeps the meaning of the schemas of an application with ${library}`, () => {
      for (const schema of [bodies, forms, others].flatMap(group => Object.values(group)))
        for (const side of ['input', 'output'] as const) {
          fc.assert(fc.property(values, judgeOf(compileSchema(schema, 'a schema')[side])), { numRuns: 200 })
        }
    })
})

const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: false, validateSchema: false, meta: false })

const compile = (schema: JsonSchema) => ajv.compile(structuredClone(schema))

/** Whether a value says the same before and after. */
function judgeOf(schema: JsonSchema): (value: unknown) => void {
  const form = generatorForm(schema)
  const [before, after] = [compile(schema), compile(form)]
  return value => assert.equal(after(value), before(value), JSON.stringify({ value, schema, form }, undefined, 1))
}

/** Few names and constants, so that schemas and values meet. */
const names = fc.constantFrom('a', 'b', 'id', 'kind')
const scalars = fc.constantFrom<unknown>(
  null,
  true,
  false,
  0,
  1,
  2,
  1.5,
  -1,
  2 ** 31,
  2 ** 40,
  '',
  'a',
  'b',
  'id',
  'text',
)

const { value: values } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
  ),
}))

const typeNames = fc.constantFrom('string', 'number', 'integer', 'boolean', 'object', 'array', 'null')
const small = fc.nat(3)
const texts = fc.constantFrom('^a', 'd$', '.*')

const { schema: schemas } = fc.letrec<{ schema: JsonSchema; inner: JsonSchema | boolean }>(tie => {
  const inner = tie('inner')
  const map = fc.dictionary(names, inner, { maxKeys: 3 })
  const list = fc.array(inner, { minLength: 1, maxLength: 3 })
  const nameRule = fc.record(
    { type: fc.constant('string'), enum: fc.uniqueArray(fc.oneof(names, scalars), { minLength: 1, maxLength: 3 }) },
    { requiredKeys: [] },
  )
  const keywords: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    type: fc.oneof(typeNames, fc.uniqueArray(typeNames, { minLength: 1, maxLength: 4 })),
    enum: fc.uniqueArray(scalars, { minLength: 1, maxLength: 5 }),
    const: scalars,
    description: fc.constant('Some words'),
    minLength: small,
    pattern: texts,
    minimum: fc.constantFrom(-1, 0, 1, Number.MIN_SAFE_INTEGER),
    maximum: fc.constantFrom(1, 2, 2 ** 31, Number.MAX_SAFE_INTEGER),
    exclusiveMinimum: fc.constantFrom(-1, 0, 1),
    minItems: small,
    maxItems: small,
    items: inner,
    prefixItems: list,
    contains: inner,
    properties: map,
    patternProperties: fc.dictionary(texts, inner, { maxKeys: 1 }),
    additionalProperties: inner,
    propertyNames: nameRule,
    unevaluatedProperties: fc.boolean(),
    unevaluatedItems: fc.boolean(),
    required: fc.uniqueArray(names, { minLength: 1, maxLength: 2 }),
    maxProperties: small,
    allOf: list,
    anyOf: list,
    oneOf: list,
    not: inner,
  }
  const entry = fc.oneof(...Object.entries(keywords).map(([keyword, value]) => fc.tuple(fc.constant(keyword), value)))
  const few = fc.array(entry, { maxLength: 4 }).map(entries => Object.fromEntries(entries))
  return {
    schema: few,
    inner: fc.oneof(
      { maxDepth: 2 },
      typeNames.map(type => ({ type })),
      fc.boolean(),
      tie('schema'),
    ),
  }
})
