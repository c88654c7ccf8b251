import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseQuery } from './parse-query.ts'

test('parseQuery reads names, values, repetitions and escapes', () => {
  const texts = parseQuery('a=1&b=x+y&a=2&c&=d&&e=%C3%A4%zz&url=https%3A%2F%2Fx.example%2F%3Fq%3D1=2&a=3')
  assert.deepEqual(
    { ...texts },
    { a: ['1', '2', '3'], b: 'x y', c: '', '': 'd', e: 'ä%zz', url: 'https://x.example/?q=1=2' },
  )
})

test('parseQuery keeps "__proto__" a name like any other', () => {
  const texts = parseQuery('__proto__=1&constructor=2&__proto__=3')
  assert.equal(Object.getPrototypeOf(texts), Object.prototype)
  assert.deepEqual(Object.entries(texts), [
    ['__proto__', ['1', '3']],
    ['constructor', '2'],
  ])
})

/** The result of the platform's own parser, in our form. */
function byName(query: string): Record<string, string | string[]> {
  const pairs = [...new URLSearchParams(`&${query}`)]
  return Object.fromEntries(
    pairs.map(([name]) => {
      const values = pairs.filter(([other]) => other === name).map(([, value]) => value)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

test('parseQuery gives what URLSearchParams gives, for any text', () => {
  const piece = fc.constantFrom('&', '=', '+', '%', '%20', '%C3', '%A4', '%zz', 'a', 'b', 'ä', '__proto__')
  const text = fc.oneof(
    fc.string(),
    fc.array(piece).map(pieces => pieces.join('')),
  )
  fc.assert(fc.property(text, query => assert.deepEqual(parseQuery(query), byName(query))))
})
