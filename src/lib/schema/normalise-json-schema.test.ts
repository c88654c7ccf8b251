import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonSchema } from './json-schema.ts'
import { normaliseJsonSchema } from './normalise-json-schema.ts'
import { SchemaNameError } from './schema-definitions.ts'

const normalise = (schema: JsonSchema) => normaliseJsonSchema(schema, { madeUpName: /^\d+$/, nameKeyword: 'id' })

describe('normaliseJsonSchema', () => {
  const forms: readonly [string, JsonSchema, JsonSchema][] = [
    ['drops dialect and extras', { $schema: 'x', '~kind': 'String', type: 'string', f: () => 1 }, { type: 'string' }],
    ['lists plain types', { anyOf: [{ type: 'null' }, { type: 'string' }] }, { type: ['string', 'null'] }],
    ['lists constants', { anyOf: [{ const: 'a' }, { type: 'null' }] }, { type: ['string', 'null'], enum: ['a', null] }],
    ['says the type of constants', { const: 1 }, { const: 1, type: 'number' }],
    ['has one word for one constant', { enum: ['a'] }, { const: 'a', type: 'string' }],
    ['has one word for nothing', { enum: [] }, { not: {} }],
    ['leaves impossible branches out', { anyOf: [{ type: 'string' }, { not: {} }] }, { type: 'string' }],
    ['leaves empty lists out', { type: 'object', required: [] }, { type: 'object' }],
    ['has one word for "any"', { additionalProperties: true }, { additionalProperties: {} }],
    [
      'has one form of a record',
      { type: 'object', patternProperties: { '^.*$': { type: 'number' } }, propertyNames: { type: 'string' } },
      { type: 'object', additionalProperties: { type: 'number' } },
    ],
    [
      'has one form of a tuple',
      { type: 'array', items: [{ type: 'string' }], additionalItems: false, minItems: 1 },
      { type: 'array', prefixItems: [{ type: 'string' }], items: false, minItems: 1, maxItems: 1 },
    ],
    [
      'takes property names for what they are',
      { type: 'object', properties: { id: { type: 'string' }, $defs: { type: 'string' }, anyOf: { type: 'string' } } },
      { type: 'object', properties: { id: { type: 'string' }, $defs: { type: 'string' }, anyOf: { type: 'string' } } },
    ],
    [
      'takes data for what it is',
      { examples: [{ $ref: 'x', id: 'y' }], default: { anyOf: [] } },
      { examples: [{ $ref: 'x', id: 'y' }], default: { anyOf: [] } },
    ],
  ]
  for (const [name, given, expected] of forms) test(name, () => assert.deepEqual(normalise(given), expected))

  test('moves named schemas to the root, each once', () => {
    const Customer = { $id: 'Customer', type: 'object', properties: { n: { type: 'string' } } }
    assert.deepEqual(normalise({ anyOf: [Customer, { type: 'array', items: { ...Customer, description: 'All' } }] }), {
      anyOf: [{ $ref: '#/$defs/Customer' }, { type: 'array', items: { $ref: '#/$defs/Customer', description: 'All' } }],
      $defs: { Customer: { type: 'object', properties: { n: { type: 'string' } } } },
    })
  })

  test('follows bare names and nested definitions', () => {
    const cyclic = { $defs: { Node: { $id: 'Node', type: 'array', items: { $ref: 'Node' } } }, $ref: 'Node' }
    assert.deepEqual(normalise({ type: 'object', properties: { root: cyclic } }), {
      type: 'object',
      properties: { root: { $ref: '#/$defs/Node' } },
      $defs: { Node: { type: 'array', items: { $ref: '#/$defs/Node' } } },
    })
  })

  test('inlines definitions with generated names, except circular ones', () => {
    const flat = {
      $ref: '#/$defs/7',
      $defs: { 7: { type: 'array', items: { $ref: '#/$defs/8' } }, 8: { type: 'string' } },
    }
    assert.deepEqual(normalise(flat), { type: 'array', items: { type: 'string' } })
    const circle = { $ref: '#/$defs/7', $defs: { 7: { type: 'array', items: { $ref: '#/$defs/7' } } } }
    assert.deepEqual(normalise(circle), {
      $ref: '#/$defs/__schema0',
      $defs: { __schema0: { type: 'array', items: { $ref: '#/$defs/__schema0' } } },
    })
  })

  test('lets a root refer to itself by its name', () => {
    assert.deepEqual(normalise({ id: 'Node', type: 'array', items: { $ref: '#' } }), {
      $ref: '#/$defs/Node',
      $defs: { Node: { type: 'array', items: { $ref: '#/$defs/Node' } } },
    })
  })

  test('refuses one name for two schemas, and a name without a schema', () => {
    const two = {
      anyOf: [
        { $id: 'A', type: 'string' },
        { $id: 'A', type: 'number' },
      ],
    }
    assert.throws(() => normalise(two), SchemaNameError)
    assert.throws(() => normalise({ $ref: 'Nowhere' }), SchemaNameError)
  })

  test('refuses a type that JSON does not have', () => {
    assert.throws(() => normalise({ type: 'bigint' }), /"bigint" is not a JSON type/)
  })

  test('lets no property name reach a prototype', () => {
    const properties = JSON.parse('{"__proto__":{"type":"string"}}') as JsonSchema
    const normalised = normalise({ type: 'object', properties })['properties'] as object
    assert.deepEqual(Object.keys(normalised), ['__proto__'])
  })
})
