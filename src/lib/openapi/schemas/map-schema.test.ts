import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mapSchema } from './map-schema.ts'

const toName = (reference: string) => ({ $ref: reference.replace('#/$defs/', '#/components/schemas/') })

test('mapSchema rewrites the references wherever a schema can stand, and drops "$defs"', () => {
  const a = { $ref: '#/$defs/A' }
  const schema = {
    $defs: { A: { type: 'string' } },
    properties: { list: { items: a, prefixItems: [a, true] } },
    patternProperties: { '^x': a },
    additionalProperties: { anyOf: [a, { not: a }] },
  }
  const there = { $ref: '#/components/schemas/A' }
  assert.deepEqual(mapSchema(schema, toName), {
    properties: { list: { items: there, prefixItems: [there, true] } },
    patternProperties: { '^x': there },
    additionalProperties: { anyOf: [there, { not: there }] },
  })
})

test('mapSchema leaves values alone that only look like schemas', () => {
  const schema = {
    properties: { $ref: { const: { $ref: '#/$defs/A' } }, $defs: { type: 'object' } },
    default: { $ref: '#/$defs/A' },
    examples: [{ items: { $ref: '#/$defs/A' } }],
  }
  assert.deepEqual(mapSchema(schema, toName), schema)
})

test('mapSchema keeps what stands beside a reference, and joins by "allOf" what cannot stand beside it', () => {
  const schema = { $ref: '#/$defs/A', description: 'An A', minLength: 2 }
  assert.deepEqual(mapSchema(schema, toName), { $ref: '#/components/schemas/A', description: 'An A', minLength: 2 })
  const inline = () => ({ type: 'string', minLength: 1 })
  assert.deepEqual(mapSchema(schema, inline), {
    allOf: [{ type: 'string', minLength: 1 }],
    description: 'An A',
    minLength: 2,
  })
})

test('mapSchema leaves a reference to another document as it is', () => {
  const schema = { items: { $ref: 'https://schemas.example/a.json' } }
  assert.deepEqual(mapSchema(schema, toName), schema)
})
