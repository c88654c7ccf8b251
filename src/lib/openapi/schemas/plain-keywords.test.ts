import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import { Type } from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'
import { compileSchema } from '../../schema/compiled-schema.ts'
import { typebox } from '../../schema/libraries/typebox.ts'
import type { Schema } from '../../schema/schema.ts'
import { Components } from '../components.ts'

/** A schema as a document shows it. */
function shown(schema: Schema, side: 'input' | 'output' = 'input'): Record<string, unknown> {
  const compiled = compileSchema(schema, 'body')
  const place = { words: 'the body', name: 'Body' }
  return new Components().schemas.schema(compiled, side, place)
}

describe('plainKeywords', () => {
  const text = (format: string) => ({ type: 'string', format })

  for (const [name, schema, format] of [
    ['z.email', z.email(), 'email'],
    ['z.email as HTML has it', z.email({ pattern: z.regexes.html5Email }), 'email'],
    ['z.email as browsers have it', z.email({ pattern: z.regexes.browserEmail }), 'email'],
    ['z.email as RFC 5322 has it', z.email({ pattern: z.regexes.rfc5322Email }), 'email'],
    ['z.email of Unicode', z.email({ pattern: z.regexes.unicodeEmail }), 'email'],
    ['z.string().email', z.string().email(), 'email'],
    ['z.uuid', z.uuid(), 'uuid'],
    ['z.guid', z.guid(), 'uuid'],
    ['z.iso.date', z.iso.date(), 'date'],
    ['z.iso.datetime', z.iso.datetime(), 'date-time'],
    ['z.iso.datetime with an offset', z.iso.datetime({ offset: true }), 'date-time'],
    ['z.iso.duration', z.iso.duration(), 'duration'],
    ['z.ipv4', z.ipv4(), 'ipv4'],
    ['z.ipv6', z.ipv6(), 'ipv6'],
    ['z.hostname', z.hostname(), 'hostname'],
    ['z.url', z.url(), 'uri'],
    ['ArkType email', type('string.email'), 'email'],
    ['ArkType ip.v4', type('string.ip.v4'), 'ipv4'],
    ['ArkType ip.v6', type('string.ip.v6'), 'ipv6'],
    ['Valibot email', toStandardJsonSchema(v.pipe(v.string(), v.email())), 'email'],
    ['Valibot uuid', toStandardJsonSchema(v.pipe(v.string(), v.uuid())), 'uuid'],
    ['TypeBox email', typebox(Type.String({ format: 'email' })), 'email'],
  ] as const)
    it(`shows no pattern beside the format of ${name}`, () => {
      assert.deepEqual(shown(schema), text(format))
      assert.deepEqual(shown(schema, 'output'), text(format))
    })

  it('shows none in the branches of a union and below', () => {
    const schema = z.object({
      list: z.array(z.email().nullable()),
      either: z.union([z.ipv4(), z.object({ at: z.uuid() })]),
    })
    assert.doesNotMatch(JSON.stringify([shown(schema), shown(type('string.uuid'))]), /pattern/)
  })

  it('keeps a pattern that says more than the format beside it', () => {
    for (const schema of [
      z.email({ pattern: /@example\.com$/ }),
      z.email({ pattern: /^(?!.*@mailinator\.com$)/ }),
      z.uuidv4(),
      z.uuidv7(),
      z.iso.datetime({ precision: 3 }),
      z.nanoid(),
      z.ulid(),
      typebox(Type.String({ format: 'email', pattern: '^[a-z]+@' })),
      toStandardJsonSchema(v.pipe(v.string(), v.email(), v.regex(/^[a-z]+@/))),
    ]) {
      const { pattern, format } = shown(schema)
      assert.equal(typeof pattern, 'string')
      assert.equal(pattern, compileSchema(schema, 'body').input['pattern'])
      assert.equal(typeof format, 'string')
    }
  })

  it("shows a user's pattern beside the format that Zod drops for it", () => {
    assert.deepEqual(shown(z.email().regex(/@example\.com$/)), { ...text('email'), pattern: '@example\\.com$' })
    assert.deepEqual(shown(z.uuid().regex(/^3/)), { ...text('uuid'), pattern: '^3' })
    assert.deepEqual(shown(z.email().regex(/^a/).regex(/b/).max(50)), {
      ...text('email'),
      maxLength: 50,
      allOf: [{ pattern: '^a' }, { pattern: 'b' }],
    })
    const two = { type: 'string', allOf: [{ pattern: '^a' }, { pattern: 'b' }] }
    assert.deepEqual(shown(z.string().regex(/^a/).regex(/b/)), two)
  })

  it('shows no bounds that every number keeps, and each one that says something', () => {
    for (const [schema, expected] of [
      [z.int(), { type: 'integer', format: 'int64' }],
      [z.number().int(), { type: 'integer', format: 'int64' }],
      [z.int().positive(), { type: 'integer', exclusiveMinimum: 0, format: 'int64' }],
      [z.int().min(-3), { type: 'integer', minimum: -3, format: 'int64' }],
      [z.float64(), { type: 'number' }],
      [z.int32(), { type: 'integer', minimum: -2_147_483_648, maximum: 2_147_483_647 }],
      [type('number.integer'), { type: 'integer', format: 'int64' }],
      [type('number.safe'), { type: 'number' }],
      [toStandardJsonSchema(v.pipe(v.number(), v.safeInteger())), { type: 'integer', format: 'int64' }],
      [typebox(Type.Integer({ minimum: Number.MIN_SAFE_INTEGER })), { type: 'integer', format: 'int64' }],
      [
        typebox(Type.Integer({ minimum: Number.MAX_SAFE_INTEGER })),
        { type: 'integer', minimum: Number.MAX_SAFE_INTEGER, format: 'int64' },
      ],
    ] as const)
      assert.deepEqual(shown(schema), expected)
  })

  it('changes nothing of what is validated', () => {
    assert.ok('issues' in (compileSchema(z.int(), 'body').validate(2 ** 53) as object))
    assert.ok('issues' in (compileSchema(z.email(), 'body').validate('a@b') as object))
    assert.equal(typeof compileSchema(z.email(), 'body').input['pattern'], 'string')
  })
})
