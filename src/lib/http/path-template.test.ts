import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DefinitionError } from '../definition/definition-error.ts'
import { documentPath, parsePathTemplate } from './path-template.ts'

test('parsePathTemplate reads literal text, names and the rest of a path', () => {
  assert.deepEqual(parsePathTemplate('/a/{b.c-d}/{rest*}'), {
    text: '/a/{b.c-d}/{rest*}',
    segments: [
      { kind: 'literal', text: 'a' },
      { kind: 'name', name: 'b.c-d' },
      { kind: 'rest', name: 'rest' },
    ],
    names: ['b.c-d', 'rest'],
  })
  assert.deepEqual(parsePathTemplate('/').segments, [{ kind: 'literal', text: '' }])
  assert.deepEqual(parsePathTemplate('/a/').segments.length, 2)
})

test('parsePathTemplate refuses an invalid template, and says what to write instead', () => {
  const refused: readonly [template: string, message: RegExp][] = [
    ['a', /must begin with "\/"/],
    ['', /must begin with "\/"/],
    ['/a?b', /declare "query"/],
    ['/a#b', /declare "query"/],
    ['/{a}{b}', /whole segment/],
    ['/x{a}{b}', /whole segment/],
    ['/{a*}.x', /whole segment/],
    ['/{a}.{a}', /twice/],
    ['/{}', /whole segment/],
    ['/{a', /whole segment/],
    ['/a}', /whole segment/],
    ['/{a*}/b', /only the last segment/],
    ['/{a}/{a}', /twice/],
    ['/:a', /write "\/\{a\}"/],
    ['/a/*', /write "\/a\/\{path\*\}"/],
  ]
  for (const [template, message] of refused)
    assert.throws(
      () => parsePathTemplate(template),
      error => error instanceof DefinitionError && message.test(error.message),
      template,
    )
})

test('documentPath is the template without the star', () => {
  assert.equal(documentPath(parsePathTemplate('/files/{path*}')), '/files/{path}')
  assert.equal(documentPath(parsePathTemplate('/files/{path}')), '/files/{path}')
})
