import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { scope, type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { serializeJsonPointer } from '../../json/json-pointer.ts'
import { compileJsonCoercion } from '../coercion/coerce-json.ts'
import { compileSchema } from '../compiled-schema.ts'
import { pathOf } from '../issue.ts'
import { compilePruning } from '../prune.ts'
import type { Schema } from '../schema.ts'
import { typebox } from './typebox.ts'

interface Case {
  readonly schemas: Readonly<Record<'zod' | 'arktype' | 'valibot' | 'typebox', Schema>>
  /** The JSON Schema of all of them on the way in. */
  readonly input: object
  /** What is received, and the pointers of the response, or the value that goes on. */
  readonly values: readonly (readonly [received: unknown, outcome: readonly string[] | { readonly value: unknown }])[]
}

const zodNode = z
  .object({
    v: z.string(),
    get kids() {
      return z.array(zodNode)
    },
  })
  .meta({ id: 'Node' })

interface Node {
  v: string
  kids: Node[]
}

const valibotNode: v.GenericSchema<Node> = v.pipe(
  v.object({ v: v.string(), kids: v.array(v.lazy(() => valibotNode)) }),
  v.metadata({ id: 'Node' }),
)

const cases: Readonly<Record<string, Case>> = {
  'a named invoice with lines': {
    schemas: {
      zod: z
        .object({
          id: z.string(),
          title: z.string().nullish(),
          customer: z.string(),
          total: z.number(),
          lines: z.array(z.object({ price: z.number() })).optional(),
        })
        .meta({ id: 'Invoice' }),
      arktype: type({
        id: 'string',
        'title?': 'string|null',
        customer: 'string',
        total: 'number',
        'lines?': type({ price: 'number' }).array(),
      }).configure({ alias: 'Invoice' }),
      valibot: toStandardJsonSchema(
        v.pipe(
          v.object({
            id: v.string(),
            title: v.nullish(v.string()),
            customer: v.string(),
            total: v.number(),
            lines: v.optional(v.array(v.object({ price: v.number() }))),
          }),
          v.metadata({ id: 'Invoice' }),
        ),
      ),
      typebox: typebox(
        Type.Object(
          {
            id: Type.String(),
            title: Type.Optional(Type.Union([Type.String(), Type.Null()])),
            customer: Type.String(),
            total: Type.Number(),
            lines: Type.Optional(Type.Array(Type.Object({ price: Type.Number() }))),
          },
          { $id: 'Invoice' },
        ),
      ),
    },
    input: {
      $ref: '#/$defs/Invoice',
      $defs: {
        Invoice: {
          type: 'object',
          properties: {
            id: { type: 'string' },
            title: { type: ['string', 'null'] },
            customer: { type: 'string' },
            total: { type: 'number' },
            lines: {
              type: 'array',
              items: { type: 'object', properties: { price: { type: 'number' } }, required: ['price'] },
            },
          },
          required: ['id', 'customer', 'total'],
        },
      },
    },
    values: [
      [{}, ['/customer', '/id', '/total']],
      [{ id: 1, customer: 'x', total: 'x' }, ['/id', '/total']],
      [{ id: '1', customer: 'x', total: 1, lines: [{ price: 'x' }, {}] }, ['/lines/0/price', '/lines/1/price']],
      [null, ['']],
      [undefined, ['']],
      ['text', ['']],
      [[], ['']],
      [{ id: '1', customer: 'x', total: 1, lines: {} }, ['/lines']],
      [{ id: '1', customer: 'x', total: '9999' }, { value: { id: '1', customer: 'x', total: 9999 } }],
      [
        { id: '1', customer: 'x', total: 1, title: undefined, password: 'p' },
        { value: { id: '1', customer: 'x', total: 1 } },
      ],
    ],
  },
  'a union told apart by a constant': {
    schemas: {
      zod: z.discriminatedUnion('k', [
        z.object({ k: z.literal('a'), x: z.number() }),
        z.object({ k: z.literal('b'), y: z.string() }),
      ]),
      arktype: type({ k: "'a'", x: 'number' }).or({ k: "'b'", y: 'string' }),
      valibot: toStandardJsonSchema(
        v.variant('k', [
          v.object({ k: v.literal('a'), x: v.number() }),
          v.object({ k: v.literal('b'), y: v.string() }),
        ]),
      ),
      typebox: typebox(
        Type.Union([
          Type.Object({ k: Type.Literal('a'), x: Type.Number() }),
          Type.Object({ k: Type.Literal('b'), y: Type.String() }),
        ]),
      ),
    },
    input: {
      oneOf: [
        {
          type: 'object',
          properties: { k: { type: 'string', const: 'a' }, x: { type: 'number' } },
          required: ['k', 'x'],
        },
        {
          type: 'object',
          properties: { k: { type: 'string', const: 'b' }, y: { type: 'string' } },
          required: ['k', 'y'],
        },
      ],
    },
    values: [
      [{ k: 'a' }, ['/x']],
      [{ k: 'a', x: 'x' }, ['/x']],
      [{ k: 'z' }, ['/k']],
      [{}, ['/k']],
      [null, ['']],
      [{ k: 'a', x: '1', y: 'secret of the other branch' }, { value: { k: 'a', x: 1 } }],
    ],
  },
  'a strict object': {
    schemas: {
      zod: z.strictObject({ a: z.string() }),
      arktype: type({ '+': 'reject', a: 'string' }),
      valibot: toStandardJsonSchema(v.strictObject({ a: v.string() })),
      typebox: typebox(Type.Object({ a: Type.String() }, { additionalProperties: false })),
    },
    input: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
    values: [
      [{ a: 'x', c: 2, b: 1 }, ['/b', '/c']],
      [{ c: 2, b: 1 }, ['/a', '/b', '/c']],
    ],
  },
  'an object that is open on purpose': {
    schemas: {
      zod: z.looseObject({ a: z.string() }),
      arktype: type({ a: 'string', '[string]': 'unknown' }),
      valibot: toStandardJsonSchema(v.looseObject({ a: v.string() })),
      typebox: typebox(Type.Object({ a: Type.String() }, { additionalProperties: true })),
    },
    input: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: {} },
    values: [[{ a: 'x', more: { any: 1 } }, { value: { a: 'x', more: { any: 1 } } }]],
  },
  'defaults, constants and records': {
    schemas: {
      zod: z.object({
        n: z.number().default(3),
        e: z.enum(['a', 'b']).nullable(),
        one: z.literal('one'),
        numbers: z.literal([1, 2]),
        m: z.record(z.string(), z.boolean()),
      }),
      arktype: type({
        n: 'number = 3',
        e: "'a'|'b'|null",
        one: "'one'",
        numbers: '1|2',
        m: { '[string]': 'boolean' },
      }),
      valibot: toStandardJsonSchema(
        v.object({
          n: v.optional(v.number(), 3),
          e: v.nullable(v.picklist(['a', 'b'])),
          one: v.literal('one'),
          numbers: v.picklist([1, 2]),
          m: v.record(v.string(), v.boolean()),
        }),
      ),
      typebox: typebox(
        Type.Object({
          n: Type.Number({ default: 3 }),
          e: Type.Union([Type.Enum(['a', 'b']), Type.Null()]),
          one: Type.Literal('one'),
          numbers: Type.Union([Type.Literal(1), Type.Literal(2)]),
          m: Type.Record(Type.String(), Type.Boolean()),
        }),
      ),
    },
    input: {
      type: 'object',
      properties: {
        n: { type: 'number', default: 3 },
        e: { type: ['string', 'null'], enum: ['a', 'b', null] },
        one: { type: 'string', const: 'one' },
        numbers: { type: 'number', enum: [1, 2] },
        m: { type: 'object', additionalProperties: { type: 'boolean' } },
      },
      required: ['e', 'one', 'numbers', 'm'],
    },
    values: [
      [{}, ['/e', '/m', '/numbers', '/one']],
      [{ e: 'z', one: 'two', numbers: 3, m: { x: 'maybe' } }, ['/e', '/m/x', '/numbers', '/one']],
      [
        { e: null, one: 'one', numbers: '2', m: { x: '1', y: 'false' } },
        { value: { n: 3, e: null, one: 'one', numbers: 2, m: { x: true, y: false } } },
      ],
    ],
  },
  'a recursive schema': {
    schemas: {
      zod: zodNode,
      arktype: scope({ Node: [{ v: 'string', kids: 'Node[]' }, '@', { alias: 'Node' }] }).export().Node,
      valibot: toStandardJsonSchema(valibotNode),
      typebox: typebox(
        Type.Cyclic({ Node: Type.Object({ v: Type.String(), kids: Type.Array(Type.Ref('Node')) }) }, 'Node'),
      ),
    },
    input: {
      $ref: '#/$defs/Node',
      $defs: {
        Node: {
          type: 'object',
          properties: { v: { type: 'string' }, kids: { type: 'array', items: { $ref: '#/$defs/Node' } } },
          required: ['v', 'kids'],
        },
      },
    },
    values: [
      [{ v: 'x', kids: [{ v: 1, kids: [{}] }] }, ['/kids/0/kids/0/kids', '/kids/0/kids/0/v', '/kids/0/v']],
      [
        { v: 'x', password: 1, kids: [{ v: 'y', password: 2, kids: [] }] },
        { value: { v: 'x', kids: [{ v: 'y', kids: [] }] } },
      ],
    ],
  },
}

/** Neither the order of members nor that of required names matters. */
const inOneOrder = (_: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const members = Object.entries(value).map(([name, inner]) => [
    name,
    name === 'required' && Array.isArray(inner) ? inner.toSorted() : inner,
  ])
  return Object.fromEntries(members.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
}

/** What the application does with a body, and with the same value as a response. */
async function outcome(schema: Schema, received: unknown): Promise<unknown> {
  const compiled = compileSchema(schema, 'case')
  let result = await compiled.validate(received)
  if (result.issues !== undefined) result = await compiled.validate(compileJsonCoercion(compiled.input)(received))
  if (result.issues !== undefined) return result.issues.map(issue => serializeJsonPointer(pathOf(issue)))
  return { value: JSON.parse(JSON.stringify(compilePruning(compiled.output)(result.value))) as unknown }
}

for (const [name, { schemas, input, values }] of Object.entries(cases))
  describe(`compileSchema with ${name}`, () => {
    for (const [library, schema] of Object.entries(schemas)) {
      test(`describes it alike in ${library}`, () => {
        const described = JSON.stringify(compileSchema(schema, 'case').input, inOneOrder)
        assert.deepEqual(JSON.parse(described), JSON.parse(JSON.stringify(input, inOneOrder)))
      })
      for (const [received, expected] of values)
        test(`responds to ${JSON.stringify(received)} alike in ${library}`, async () => {
          assert.deepEqual(await outcome(schema, received), expected)
        })
    }
  })
