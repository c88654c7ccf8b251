import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileSchema } from '../compiled-schema.ts'
import { validationErrors } from '../validation-error.ts'
import { describedSchema, isDateTime } from './described-schema.ts'

const at = { type: 'string', format: 'date-time' }
const named = { $id: 'Named', type: 'object', properties: { at }, required: ['at'], additionalProperties: false }
const schema = describedSchema<unknown>({
  type: 'object',
  properties: {
    one: named,
    other: named,
    words: { type: 'object', propertyNames: { maxLength: 2 }, additionalProperties: { type: 'string' } },
    $id: { type: 'string', enum: ['a', 'b'] },
  },
  required: ['one'],
  additionalProperties: false,
})

describe('describedSchema', () => {
  const compiled = compileSchema(schema, 'body')

  it('names the place and the code of each mistake', async () => {
    const value = { other: { at: '2026-02-30T00:00:00Z', more: 1 }, words: { abc: 'x', d: 1 }, $id: 'c', 'a/b': 1 }
    const { issues } = await compiled.validate(value)
    assert.deepEqual(
      validationErrors('body', issues ?? []).map(({ pointer, code }) => `${pointer} ${code}`),
      [
        '#/$id enum',
        '#/a~1b additionalProperties',
        '#/one required',
        '#/other/at format',
        '#/other/more additionalProperties',
        '#/words/abc invalid',
        '#/words/d type',
      ],
    )
  })

  it('lets through what fits, and describes a named schema once', async () => {
    const value = { one: { at: '2026-02-28T00:00:00Z' }, $id: 'a' }
    assert.deepEqual(await compiled.validate(value), { value })
    assert.deepEqual(Object.keys(compiled.input['$defs'] as object), ['Named'])
  })

  it('gives what stands for nothing', () => {
    const optional = describedSchema<object>({ type: 'object' }, {})
    assert.deepEqual(compileSchema(optional, 'body').validate(undefined), { value: {} })
  })
})

describe('isDateTime', () => {
  for (const text of ['2026-01-31T12:00:00Z', '2024-02-29T23:59:59.123+14:00', '2026-01-31t12:00:00z'])
    it(`is ${text}`, () => assert.equal(isDateTime(text), true))
  for (const text of [
    '2026-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-01-31T24:30:00Z',
    '2026-01-31T12:00:00',
    '2026-01-31',
    '1785585600000',
    '',
    '2026-01-31T12:00:00+25:00',
  ])
    it(`is not ${text || 'empty'}`, () => assert.equal(isDateTime(text), false))
})
