import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type, { type TSchema } from 'typebox'
import { Ringback } from '../app/ringback.ts'
import { typebox } from './libraries/typebox.ts'
import type { Schema } from './schema.ts'

type Json = Record<string, unknown>

function own(json: object): Schema {
  const validate = (value: unknown) => ({ value })
  return {
    '~standard': {
      version: 1,
      vendor: 'own',
      validate,
      jsonSchema: { input: () => json, output: () => json },
    } as never,
  }
}

const direct: Json = { type: 'object', properties: {} }
;(direct['properties'] as Json)['me'] = direct
const inList: Json = { anyOf: [] }
;(inList['anyOf'] as unknown[]).push({ type: 'string' }, { type: 'array', items: inList })
const farther: Json = { type: 'object', properties: { a: { type: 'object', properties: {} } }, $defs: {} }
;(farther['$defs'] as Json)['Node'] = { allOf: [farther] }
const example: Json = { type: 'object', examples: [] }
;(example['examples'] as unknown[]).push(example)

const register = (schema: () => Schema) => {
  const app = new Ringback({ title: 'Broken', version: '1.0.0' })
  app.post('/nodes', { body: schema() }, async () => {})
}

for (const [name, json] of Object.entries({ direct, inList, farther, example }))
  for (const [library, make] of [
    ['own', () => own(json)],
    ['typebox', () => typebox(json as TSchema)],
  ] as const)
    test(`a JSON Schema object that contains itself is refused where it is used: ${name}, ${library}`, () => {
      assert.throws(() => register(make), {
        name: 'DefinitionError',
        message: /"body" of POST \/nodes .*It contains itself/,
      })
    })

test('one object in two places is not a cycle', () => {
  const text = { type: 'string' }
  register(() => own({ type: 'object', properties: { a: text, b: text, c: { type: 'array', items: text } } }))
  register(() => typebox(Type.Object({ a: Type.String(), b: Type.String() })))
})

for (const [name, schema] of Object.entries({
  'an invalid pattern': Type.Object({ a: Type.String({ pattern: '(' }) }),
  'another invalid pattern': Type.String({ pattern: '[z-a]' }),
  'an invalid pattern of names': Type.Object({}, { patternProperties: { '+': Type.String() } }),
}))
  test(`a schema that TypeBox cannot compile is refused where it is used: ${name}`, () => {
    assert.throws(() => register(() => typebox(schema)), {
      name: 'DefinitionError',
      message: /"body" of POST \/nodes cannot be/,
    })
  })
