import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import fc from 'fast-check'
import Type, { type TSchema } from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { compileSchema } from './compiled-schema.ts'
import { typebox } from './libraries/typebox.ts'
import { compilePruning } from './prune.ts'
import type { Schema } from './schema.ts'

/** What is sent for a value: validated, pruned, serialised. */
async function sent(schema: Schema, value: unknown): Promise<unknown> {
  const { validate, output } = compileSchema(schema, '"response" of GET /', ['output'])
  const result = await validate(value)
  assert.equal(result.issues, undefined, JSON.stringify(result.issues))
  return JSON.parse(JSON.stringify(compilePruning(output)(result.value)))
}

class Entity {
  a = 'x'
  password = 'secret'
  inner = { x: '1', password: 'secret' }
  get b(): number {
    return 1
  }
  toJSON(): object {
    return { a: 'x', password: 'secret' }
  }
}

const hostile: Readonly<Record<string, { schemas: readonly Schema[]; value: () => unknown; sent: unknown }>> = {
  'an instance of a class with getters and toJSON': {
    schemas: [
      z.object({ a: z.string(), b: z.number(), inner: z.object({ x: z.string() }) }),
      type({ a: 'string', b: 'number', inner: { x: 'string' } }),
      toStandardJsonSchema(v.object({ a: v.string(), b: v.number(), inner: v.object({ x: v.string() }) })),
      typebox(Type.Object({ a: Type.String(), b: Type.Number(), inner: Type.Object({ x: Type.String() }) })),
    ],
    value: () => new Entity(),
    sent: { a: 'x', b: 1, inner: { x: '1' } },
  },
  'a list that serialises itself': {
    schemas: [type({ a: 'string' }).array(), typebox(Type.Array(Type.Object({ a: Type.String() })))],
    value: () => Object.assign([new Entity()], { toJSON: () => ['secret'] }),
    sent: [{ a: 'x' }],
  },
  'branches that differ deep inside': {
    schemas: [
      z.union([z.object({ p: z.object({ name: z.string() }) }), z.object({ p: z.object({ secret: z.string() }) })]),
      type({ p: { name: 'string' } }).or({ p: { secret: 'string' } }),
      typebox(
        Type.Union([
          Type.Object({ p: Type.Object({ name: Type.String() }) }),
          Type.Object({ p: Type.Object({ secret: Type.String() }) }),
        ]),
      ),
    ],
    value: () => ({ p: { name: 'x', secret: 5 } }),
    sent: { p: { name: 'x' } },
  },
  'intersections of the same property': {
    schemas: [
      z.intersection(z.object({ a: z.object({ x: z.string() }) }), z.object({ a: z.object({ y: z.string() }) })),
      type({ a: { x: 'string' } }).and({ a: { y: 'string' } }),
      toStandardJsonSchema(
        v.intersect([v.object({ a: v.object({ x: v.string() }) }), v.object({ a: v.object({ y: v.string() }) })]),
      ),
      typebox(
        Type.Intersect([
          Type.Object({ a: Type.Object({ x: Type.String() }) }),
          Type.Object({ a: Type.Object({ y: Type.String() }) }),
        ]),
      ),
    ],
    value: () => ({ a: { x: '1', y: '2', password: 3 }, password: 4 }),
    sent: { a: { x: '1', y: '2' } },
  },
  'the name "__proto__"': {
    schemas: [type({ a: 'string' }), typebox(Type.Object({ a: Type.String() })), z.object({ a: z.string() })],
    value: () => JSON.parse('{"a":"x","__proto__":{"secret":1},"constructor":1}'),
    sent: { a: 'x' },
  },
  'what Zod does not look at again': {
    schemas: [
      z.object({ a: z.string() }).overwrite(value => ({ ...value, password: 'secret' })),
      z.object({ a: z.string(), n: z.number() }).catch({ a: 'x', password: 'secret' } as never),
      z.preprocess(value => value, z.object({ a: z.string() })),
    ],
    value: () => ({ a: 'x', password: 'secret' }),
    sent: { a: 'x' },
  },
  'an object that is open on purpose, in an intersection too': {
    schemas: [
      z.intersection(z.object({ a: z.string() }), z.looseObject({ b: z.string() })),
      z.intersection(z.object({ a: z.string() }), z.record(z.string(), z.unknown())),
      z.object({ a: z.string(), b: z.string() }).catchall(z.unknown()),
      toStandardJsonSchema(v.intersect([v.object({ a: v.string() }), v.looseObject({ b: v.string() })])),
      typebox(Type.Object({ a: Type.String(), b: Type.String() }, { additionalProperties: Type.Unknown() })),
    ],
    value: () => ({ a: 'x', b: 'y', more: { z: 1 } }),
    sent: { a: 'x', b: 'y', more: { z: 1 } },
  },
  'patterns of names': {
    schemas: [
      type({ '[/^x-/]': { v: 'number' } }),
      typebox(Type.Record(Type.String({ pattern: '^x-' }), Type.Object({ v: Type.Number() }))),
    ],
    value: () => ({ 'x-a': { v: 1, password: 1 }, password: 1 }),
    sent: { 'x-a': { v: 1 } },
  },
  'tuples and what may be null': {
    schemas: [
      z.tuple([z.object({ a: z.string() }).nullable(), z.string()]),
      type([type({ a: 'string' }).or('null'), 'string']),
      toStandardJsonSchema(v.tuple([v.nullable(v.object({ a: v.string() })), v.string()])),
      typebox(Type.Tuple([Type.Union([Type.Object({ a: Type.String() }), Type.Null()]), Type.String()])),
    ],
    value: () => [{ a: 'x', password: 1 }, 's'],
    sent: [{ a: 'x' }, 's'],
  },
}

describe('compilePruning', () => {
  for (const [name, { schemas, value, sent: expected }] of Object.entries(hostile))
    for (const schema of schemas)
      test(`sends of ${name} what ${compileSchema(schema, name, []).vendor} declares`, async () => {
        assert.deepEqual(await sent(schema, value()), expected)
      })

  test('gives the same value where there is nothing to remove', () => {
    const prune = compilePruning(compileSchema(type({ a: 'string', l: [{ x: 'number' }, '[]'] }), 'response').output)
    const value = { a: 'x', l: [{ x: 1 }, { x: 2 }] }
    assert.equal(prune(value), value)
  })

  test('removes everything where nothing is declared', async () => {
    for (const schema of [z.object({}), toStandardJsonSchema(v.object({})), typebox(Type.Object({}))])
      assert.deepEqual(await sent(schema, { password: 1 }), {})
  })

  test('copies, and keeps a value that two places share shared', () => {
    const inner = type({ x: 'number' })
    const prune = compilePruning(compileSchema(type({ a: inner, b: { y: 'number' } }), 'response').output)
    const shared = Object.freeze({ x: 1, y: 2 })
    assert.deepEqual(prune(Object.freeze({ a: shared, b: shared })), { a: { x: 1 }, b: { y: 2 } })
  })

  test('leaves a value alone whose schema says nothing about properties', () => {
    const prune = compilePruning({ type: 'object', properties: { any: {}, object: { type: 'object' } } })
    const value = { any: new Entity(), object: { whatever: 1 } }
    assert.equal(prune(value), value)
  })
})

/** A schema without its library. */
type Shape =
  | { kind: 'text' | 'number' | 'boolean' }
  | { kind: 'object'; properties: Record<string, Shape>; optional: boolean }
  | { kind: 'list' | 'nullable' | 'record'; inner: Shape }
  | { kind: 'pair'; first: Shape; second: Shape }
  | { kind: 'tagged'; branches: Record<string, Shape>[] }

const { shape } = fc.letrec<{ shape: Shape; leaf: Shape }>(tie => {
  const properties = fc.dictionary(fc.constantFrom('a', 'b', 'id', 'nested'), tie('shape'), { maxKeys: 3 })
  // `type({})` of ArkType is any object.
  const declared = properties.filter(names => Object.keys(names).length > 0)
  return {
    leaf: fc.constantFrom<Shape>({ kind: 'text' }, { kind: 'number' }, { kind: 'boolean' }),
    shape: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie('leaf'),
      fc.record({ kind: fc.constant('object' as const), properties: declared, optional: fc.boolean() }),
      fc.record({
        kind: fc.constantFrom('list' as const, 'nullable' as const, 'record' as const),
        inner: tie('shape'),
      }),
      fc.record({ kind: fc.constant('pair' as const), first: tie('shape'), second: tie('shape') }),
      fc.record({
        kind: fc.constant('tagged' as const),
        branches: fc.array(properties, { minLength: 2, maxLength: 3 }),
      }),
    ),
  }
})

const mapValues = <T, R>(record: Record<string, T>, map: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))

function zodOf(shape: Shape): z.ZodType {
  switch (shape.kind) {
    case 'text':
      return z.string()
    case 'number':
      return z.number()
    case 'boolean':
      return z.boolean()
    case 'object':
      return z.object(mapValues(shape.properties, inner => (shape.optional ? zodOf(inner).optional() : zodOf(inner))))
    case 'list':
      return z.array(zodOf(shape.inner))
    case 'nullable':
      return zodOf(shape.inner).nullable()
    case 'record':
      return z.record(z.string(), zodOf(shape.inner))
    case 'pair':
      return z.tuple([zodOf(shape.first), zodOf(shape.second)])
    case 'tagged':
      return z.union(shape.branches.map((inner, tag) => z.object({ ...mapValues(inner, zodOf), tag: z.literal(tag) })))
  }
}

function valibotOf(shape: Shape): v.GenericSchema {
  switch (shape.kind) {
    case 'text':
      return v.string()
    case 'number':
      return v.number()
    case 'boolean':
      return v.boolean()
    case 'object':
      return v.object(
        mapValues(shape.properties, inner => (shape.optional ? v.optional(valibotOf(inner)) : valibotOf(inner))),
      )
    case 'list':
      return v.array(valibotOf(shape.inner))
    case 'nullable':
      return v.nullable(valibotOf(shape.inner))
    case 'record':
      return v.record(v.string(), valibotOf(shape.inner))
    case 'pair':
      return v.tuple([valibotOf(shape.first), valibotOf(shape.second)])
    case 'tagged':
      return v.union(
        shape.branches.map((inner, tag) => v.object({ ...mapValues(inner, valibotOf), tag: v.literal(tag) })),
      )
  }
}

function typeboxOf(shape: Shape): TSchema {
  switch (shape.kind) {
    case 'text':
      return Type.String()
    case 'number':
      return Type.Number()
    case 'boolean':
      return Type.Boolean()
    case 'object':
      return Type.Object(
        mapValues(shape.properties, inner => (shape.optional ? Type.Optional(typeboxOf(inner)) : typeboxOf(inner))),
      )
    case 'list':
      return Type.Array(typeboxOf(shape.inner))
    case 'nullable':
      return Type.Union([typeboxOf(shape.inner), Type.Null()])
    case 'record':
      return Type.Record(Type.String(), typeboxOf(shape.inner))
    case 'pair':
      return Type.Tuple([typeboxOf(shape.first), typeboxOf(shape.second)])
    case 'tagged':
      return Type.Union(
        shape.branches.map((inner, tag) => Type.Object({ ...mapValues(inner, typeboxOf), tag: Type.Literal(tag) })),
      )
  }
}

function arktypeOf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'text':
      return 'string'
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties).map(([name, inner]) => [shape.optional ? `${name}?` : name, arktypeOf(inner)]),
      )
    case 'list':
      return [arktypeOf(shape.inner), '[]']
    case 'nullable':
      return [arktypeOf(shape.inner), '|', 'null']
    case 'record':
      return { '[string]': arktypeOf(shape.inner) }
    case 'pair':
      return [arktypeOf(shape.first), arktypeOf(shape.second)]
    case 'tagged':
      return shape.branches
        .map((inner, tag): unknown => ({ ...mapValues(inner, arktypeOf), tag: `${tag}` }))
        .reduce((left, right) => [left, '|', right])
  }
}

const libraries: Readonly<Record<string, (shape: Shape) => Schema | undefined>> = {
  zod: zodOf,
  valibot: shape => toStandardJsonSchema(valibotOf(shape)),
  typebox: shape => typebox(typeboxOf(shape)),
  arktype: shape => {
    try {
      return type.raw(arktypeOf(shape))
    } catch {
      // ArkType refuses some unions of a record with an object.
      return undefined
    }
  },
}

/** A value of the shape, and the same value with undeclared properties. */
function valuesOf(shape: Shape, pick: (most: number) => number): readonly [clean: unknown, planted: unknown] {
  const object = (properties: Record<string, Shape>, optional: boolean, more: object) => {
    const names = Object.keys(properties).filter(() => !optional || pick(1) === 1)
    const pairs = names.map(name => [name, valuesOf(properties[name]!, pick)] as const)
    const clean = Object.fromEntries(pairs.map(([name, [value]]) => [name, value]))
    const planted = Object.fromEntries(pairs.map(([name, [, value]]) => [name, value]))
    return [
      { ...clean, ...more },
      { password: { deep: 'password' }, ...planted, ...more, zPassword: ['password'] },
    ] as const
  }
  switch (shape.kind) {
    case 'text':
      return ['text', 'text']
    case 'number': {
      const number = pick(9)
      return [number, number]
    }
    case 'boolean':
      return [true, true]
    case 'object':
      return object(shape.properties, shape.optional, {})
    case 'tagged': {
      const tag = pick(shape.branches.length - 1)
      return object(shape.branches[tag]!, false, { tag })
    }
    case 'nullable':
      return pick(1) === 0 ? [null, null] : valuesOf(shape.inner, pick)
    case 'record': {
      const [clean, planted] = valuesOf(shape.inner, pick)
      return [{ key: clean }, { key: planted }]
    }
    case 'list':
    case 'pair': {
      const shapes =
        shape.kind === 'pair' ? [shape.first, shape.second] : Array.from({ length: pick(2) }, () => shape.inner)
      const items = shapes.map(inner => valuesOf(inner, pick))
      return [items.map(([clean]) => clean), items.map(([, planted]) => planted)]
    }
  }
}

for (const [library, schemaOf] of Object.entries(libraries))
  test(`compilePruning removes every property planted into values of ${library}, and nothing else`, async () => {
    await fc.assert(
      fc.asyncProperty(shape, fc.infiniteStream(fc.nat(9)), async (shape, numbers) => {
        const pick = (most: number) => (numbers.next().value as number) % (most + 1)
        const [clean, planted] = valuesOf(shape, pick)
        const schema = schemaOf(shape)
        fc.pre(schema !== undefined)
        assert.deepEqual(await sent(schema, planted), clean)
        const { output } = compileSchema(schema, 'response', ['output'])
        assert.equal(compilePruning(output)(clean), clean)
      }),
      { numRuns: 100 },
    )
  })

test('a recursive schema with a union beside its properties is compiled in finite time', () => {
  const branch = { type: 'object', properties: { y: true, c: { type: 'string' } }, anyOf: [{ $ref: '#' }] }
  const closed = { type: 'object', properties: {}, additionalProperties: false, anyOf: [{ type: 'array' }] }
  const prune = compilePruning({
    type: 'object',
    properties: { x: branch, kind: false },
    anyOf: [closed, { type: 'object', properties: { a: { $ref: '#' } }, required: ['a'] }],
  })
  assert.deepEqual(prune({ a: { x: { c: 'x', secret: 1 }, secret: 1 }, secret: 1 }), { a: { x: { c: 'x' } } })
})
