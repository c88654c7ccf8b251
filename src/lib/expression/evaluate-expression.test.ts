import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluateExpression } from './evaluate-expression.ts'
import type { Exchange } from './exchange.ts'
import { parseExpression } from './parse.ts'

const exchange: Exchange = {
  url: 'https://api.example/a?b=c',
  method: 'POST',
  request: {
    params: { id: '7', both: 'path' },
    query: { page: 2, 'filter[a]': true, both: 'query', nothing: null },
    headers: { 'x-token': 't' },
    body: { a: { 'b/c': [{ '~d': null }, 'e'] }, '': 'empty', '0': 'zero', text: 'abc' },
  },
  response: { status: 201, headers: { location: '/a/7' }, body: { id: 7 } },
}
const evaluate = (text: string, of = exchange) => evaluateExpression(parseExpression(text), of)

test('evaluateExpression reads every source and keeps the type of the value', () => {
  const values = [
    ['$url', 'https://api.example/a?b=c'],
    ['$method', 'POST'],
    ['$statusCode', 201],
    ['$request.path.id', '7'],
    ['$request.query.page', 2],
    ['$request.query.filter[a]', true],
    ['$request.query.nothing', null],
    ['$request.header.X-TOKEN', 't'],
    ['$request.body#/a/b~1c/0/~0d', null],
    ['$request.body#/a/b~1c/1', 'e'],
    ['$request.body#/', 'empty'],
    ['$request.body.0', 'zero'],
    ['$response.header.Location', '/a/7'],
    ['$response.body#/id', 7],
    ['$page', 2],
    ['$id', '7'],
    ['$X-Token', 't'],
    ['$both', 'query'],
  ] as const
  for (const [text, value] of values) assert.equal(evaluate(text), value, text)
  assert.equal(evaluate('$request.body'), exchange.request.body)
})

test('evaluateExpression gives undefined for what is not there', () => {
  const texts = [
    '$request.path.x',
    '$request.body#/a/x/y',
    '$request.body#/text/0',
    '$request.body#/text/length',
    '$request.body#/a/b~1c/2',
    '$request.body#/a/b~1c/-',
    '$request.body#/a/b~1c/01',
    '$request.body#/a/b~1c/length',
    '$unknown',
  ]
  for (const text of texts) assert.equal(evaluate(text), undefined, text)
  const { response, ...withoutResponse } = exchange
  for (const text of ['$statusCode', '$response.body#/id', '$response.body', '$response.header.location']) {
    assert.equal(evaluate(text, withoutResponse), undefined, text)
  }
})

test('evaluateExpression counts own properties only', () => {
  const request = { params: {}, query: Object.assign(Object.create(null), { a: 1 }), headers: {}, body: {} }
  const of = { url: '', method: '', request }
  assert.equal(evaluate('$request.query.a', of), 1)
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    for (const text of [`$request.path.${name}`, `$request.query.${name}`, `$request.body#/${name}`, `$${name}`]) {
      assert.equal(evaluate(text, of), undefined, text)
    }
  }
  const body: unknown = JSON.parse('{"__proto__":{"a":1}}')
  assert.equal(evaluate('$request.body#/__proto__/a', { ...of, request: { ...request, body } }), 1)
})
