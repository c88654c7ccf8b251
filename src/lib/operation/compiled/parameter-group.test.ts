import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { DefinitionError } from '../../definition/definition-error.ts'
import { typebox } from '../../schema/libraries/typebox.ts'
import { compileParameterGroups, type ParameterKey } from './parameter-group.ts'

describe('compileParameterGroups', () => {
  for (const [what, schema] of Object.entries({
    'text (Zod)': z.string(),
    'a list (ArkType)': type('string[]'),
    'anything (Valibot)': toStandardJsonSchema(v.unknown()),
    'an object or null (TypeBox)': typebox(Type.Union([Type.Object({}), Type.Null()])),
  }))
    test(`refuses ${what} where parameters are declared`, () => {
      for (const key of ['params', 'query', 'headers', 'cookies'] satisfies ParameterKey[])
        assert.throws(
          () => compileParameterGroups({ [key]: schema }, 'GET /invoices'),
          (error: Error) =>
            error instanceof DefinitionError &&
            error.message.startsWith(`The "${key}" of GET /invoices must be an object schema`),
        )
    })

  test('takes unions and intersections of objects', () => {
    const either = z.union([z.object({ a: z.string() }), z.object({ b: z.number() })])
    const both = z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() }))
    for (const query of [either, both]) {
      const [group] = compileParameterGroups({ query }, 'GET /')
      assert.deepEqual([...group!.properties.keys()], ['a', 'b'])
    }
  })

  test('takes an object in a query, and nowhere else', () => {
    const schema = z.object({ filter: z.object({ a: z.string() }).optional() })
    assert.equal(compileParameterGroups({ query: schema }, 'GET /').length, 1)
    for (const key of ['params', 'headers', 'cookies'] satisfies ParameterKey[])
      assert.throws(() => compileParameterGroups({ [key]: schema }, 'GET /'), /declares "filter" as an object/)
  })

  test('reads a header whose output has no JSON Schema', async () => {
    const since = z.object({ since: z.iso.datetime().transform(text => new Date(text)) })
    const [group] = compileParameterGroups({ headers: since }, 'GET /')
    const result = await group!.read({ since: '2020-01-01T00:00:00Z' })
    assert.deepEqual(result, { value: { since: new Date('2020-01-01T00:00:00Z') } })
  })
})
