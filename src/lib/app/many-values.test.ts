import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import Type from 'typebox'
import { Settings } from 'typebox/system'
import * as v from 'valibot'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { typebox } from '../schema/libraries/typebox.ts'
import type { Schema } from '../schema/schema.ts'
import { Ringback } from './ringback.ts'

const MANY = 200_000
const values = Array.from({ length: MANY }, (_, index) => `value${index}`)
const standard = (schema: Parameters<typeof toStandardJsonSchema>[0]) => toStandardJsonSchema(schema) as Schema
/** Making this many schemas takes seconds. */
const fewer = values.slice(0, 10_000)

/** Schemas that take those values, by themselves or as a property. */
const schemas: Readonly<Record<string, () => Schema>> = {
  'enum of zod': () => z.enum(values),
  'literals of zod': () => z.literal(values),
  'union of literals of zod': () => z.union(fewer.map(value => z.literal(value))),
  'picklist of valibot': () => standard(v.picklist(values)),
  'union of literals of valibot': () => standard(v.union(fewer.map(value => v.literal(value)))),
  'enum of typebox': () => typebox(Type.Enum(values)),
  'union of literals of typebox': () => typebox(Type.Union(fewer.map(value => Type.Literal(value)))),
  'union of unions of typebox': () =>
    typebox(
      Type.Union([
        Type.Union(fewer.slice(0, 5_000).map(value => Type.Literal(value))),
        Type.Union(fewer.slice(5_000).map(value => Type.Literal(value))),
      ]),
    ),
  // ArkType itself takes minutes for more.
  'enumeration of arktype': () => type.enumerated(...values.slice(0, 1_000)),
}

for (const [name, make] of Object.entries(schemas))
  test(`a wrong value where many are allowed gets a short response: ${name}`, async () => {
    const log = new RecordingLog()
    const app = new Ringback({ title: 'Many', version: '1.0.0', log, docs: false })
    app.post('/x', { body: make(), response: z.string() }, async () => 'taken')
    const ask = async (body: string) => {
      const headers = { 'content-type': 'application/json' }
      const response = await app.fetch(new Request('http://localhost/x', { method: 'POST', headers, body }))
      return { status: response.status, text: await response.text() }
    }
    for (const body of ['"x"', '"value"', '{"a":1}', '7', 'null']) {
      const { status, text } = await ask(body)
      assert.equal(status, 422, body)
      assert.ok(text.length < 1_000, `${body}: ${text.length}`)
    }
    for (const body of ['"value0"', '"value999"']) assert.equal((await ask(body)).status, 200, body)
    assert.deepEqual(log.messages, [])
  })

test('a large TypeBox union is checked like a small one, whatever stands beside it', () => {
  const { useAcceleration } = Settings.Get()
  const all = typebox(
    Type.Object({
      one: Type.Union(fewer.map(value => Type.Literal(value))),
      many: Type.Optional(Type.Array(Type.Union([Type.Union(fewer.map(value => Type.Literal(value))), Type.Null()]))),
      count: Type.Number({ default: 7 }),
      at: Type.Decode(Type.String(), text => text.length),
    }),
  )
  assert.equal(Settings.Get().useAcceleration, useAcceleration)
  const validate = (value: unknown) => all['~standard'].validate(value)
  assert.deepEqual(validate({ one: 'value1', many: ['value2', null], at: 'abc' }), {
    value: { one: 'value1', many: ['value2', null], count: 7, at: 3 },
  })
  const places = (value: unknown) => validate(value).issues?.map(({ path }) => path?.join('/'))
  assert.deepEqual(places({ one: 'x', at: '' }), ['one'])
  assert.deepEqual(places({ one: 'value1', many: [null, 'x'], at: '' }), ['many/1'])
})
