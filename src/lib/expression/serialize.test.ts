import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Expression } from './expression.ts'
import { ExpressionSyntaxError } from './expression-syntax-error.ts'
import { parseExpression, parseUrlTemplate } from './parse.ts'
import { serializeExpression, serializeUrlTemplate } from './serialize.ts'

const message = fc.constantFrom('request', 'response')
const anyText = fc.string({ unit: 'binary', minLength: 1 })
const token = fc.string({ unit: fc.constantFrom(..."abzAZ019!#$%&'*+-.^_`|~"), minLength: 1 })
// A space at the end and braces have an escaped form in a name, but none in a JSON Pointer
const pointerToken = anyText.filter(text => !/[{}]| $/.test(text))
const expression: fc.Arbitrary<Expression> = fc.oneof(
  fc.record({ kind: fc.constantFrom('url', 'method', 'status-code') }),
  fc.record({ kind: fc.constantFrom('query', 'path'), name: anyText }),
  fc.record({ kind: fc.constant('header'), message, name: token }),
  fc.record({ kind: fc.constant('body'), message, pointer: fc.array(pointerToken, { maxLength: 4 }) }),
)
const literal = fc
  .tuple(
    fc.constantFrom('/', '?a=', '/b-', '/%2F'),
    fc.string({ unit: fc.constantFrom(...'abc012-_~!&=;:@'), maxLength: 8 }),
  )
  .map(([start, text]) => ({ kind: 'literal' as const, text: start + text }))

test('parseExpression reads back what serializeExpression wrote', () => {
  fc.assert(
    fc.property(expression, tree => {
      assert.deepEqual({ ...parseExpression(serializeExpression(tree), { standard: true }) }, { ...tree })
    }),
  )
})

test('parseUrlTemplate reads back what serializeUrlTemplate wrote', () => {
  const base = fc.oneof(expression, fc.constant({ kind: 'literal' as const, text: 'https://x.example/' }))
  const following = fc.array(fc.tuple(expression, literal), { maxLength: 4 })
  fc.assert(
    fc.property(base, following, (first, rest) => {
      const parts = [first, ...rest.flat()]
      const text = serializeUrlTemplate({ kind: 'url-template', parts })
      const tree = parseUrlTemplate(text, { standard: true })
      assert.deepEqual(JSON.parse(JSON.stringify(tree)), JSON.parse(JSON.stringify({ kind: 'url-template', parts })))
      assert.equal(serializeUrlTemplate(tree), text)
    }),
  )
})

test('serializeUrlTemplate writes the standard form, each expression in braces', () => {
  const forms = [
    ['$request.body.a~b.0', '{$request.body#/a~0b/0}'],
    ['{$request.body#}', '{$request.body}'],
    ['{$request.query.u}/{$request.body.id}?t={$method}', '{$request.query.u}/{$request.body#/id}?t={$method}'],
    ['https://x.example/hook', 'https://x.example/hook'],
  ] as const
  for (const [text, standard] of forms) assert.equal(serializeUrlTemplate(parseUrlTemplate(text)), standard)
})

test('serializeExpression escapes what cannot stand in a name as it is', () => {
  const name = '"a\\b\n{c} '
  const text = serializeExpression({ kind: 'query', name })
  assert.equal(text, '$request.query.\\"a\\\\b\\n\\u007bc\\u007d\\u0020')
  assert.deepEqual(parseExpression(text), { kind: 'query', name })
})

test('serializeExpression refuses a shorthand, which has no standard form of its own', () => {
  assert.throws(() => serializeExpression(parseExpression('$id')), ExpressionSyntaxError)
  assert.throws(() => serializeUrlTemplate(parseUrlTemplate('{$id}/x')), ExpressionSyntaxError)
})
