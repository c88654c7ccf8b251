import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { compileSchema } from './compiled-schema.ts'
import { typebox } from './libraries/typebox.ts'
import type { Schema } from './schema.ts'
import { schemaAtPointer } from './schema-at-pointer.ts'

const kindOf = (schema: Schema) => schemaAtPointer(compileSchema(schema, 'body').input, ['url']).kind

test('schemaAtPointer finds nothing in an object that declares no properties', () => {
  for (const schema of [
    z.object({}),
    z.object({}).meta({ id: 'Empty' }),
    z.union([z.object({}), z.string()]),
    z.intersection(z.object({}), z.object({})),
    toStandardJsonSchema(v.object({})),
    typebox(Type.Object({})),
  ])
    assert.equal(kindOf(schema), 'no-property')
})

test('schemaAtPointer leaves an object open that says so, or says nothing about properties', () => {
  for (const schema of [
    z.looseObject({}),
    z.record(z.string(), z.string()),
    typebox(Type.Object({}, { additionalProperties: true })),
  ])
    assert.equal(kindOf(schema), 'found')
  for (const schema of [z.unknown(), type('object'), z.union([z.object({}), z.record(z.string(), z.string())])])
    assert.equal(kindOf(schema), 'open')
})
