import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalUrl } from './canonical-url.ts'

const spellings: readonly (readonly [canonical: string, ...others: string[]])[] = [
  ['https://a.example/', 'https://a.example', 'https://A.EXAMPLE:443', 'https://a.example./', 'https://a%2Eexample'],
  ['http://a.example/hooks', 'http://a.example:80/hooks', 'http://a.example/%68ooks', 'http://a.example/%68%6fok%73'],
  ['https://a.example/x~y-z_1.2', 'https://a.example/x%7ey%2Dz%5f1%2E2', 'https://a.example.:443/x%7Ey-z_1%2e2'],
  ['https://a.example/b/c', 'https://a.example/x/../b/./c', 'https://a.example/x/%2e%2E/b/%2e/c'],
  ['https://a.example/a%2Fb', 'https://a.example/a%2fb'],
  ['https://a.example/a%252Fb', 'https://a.example/a%25%32Fb'],
  ['https://a.example/?a=1', 'https://a.example?a=1', 'https://a.example.?%61=%31'],
  ['https://xn--bcher-kva.example/', 'https://bücher.example', 'https://B%C3%BCcher.example'],
  ['http://192.0.2.1/', 'http://3221225985', 'http://0xc0.0.2.1:80'],
]

test('canonicalUrl gives all spellings of a URL one form', () => {
  for (const [canonical, ...others] of spellings)
    for (const spelling of [canonical, ...others]) assert.equal(canonicalUrl(spelling), canonical, spelling)
})

test('canonicalUrl keeps apart what may lead to different places', () => {
  const different = [
    'https://a.example/',
    'https://a.example/?',
    'https://a.example/?1',
    'https://a.example/?2',
    'https://a.example/a/b',
    'https://a.example/a%2Fb',
    'https://a.example/a%252Fb',
    'https://a.example/A',
    'https://a.example/a',
    'https://a.example/a/',
    'https://a.example:8443/',
    'http://a.example/',
  ]
  assert.equal(new Set(different.map(canonicalUrl)).size, different.length)
})

test('canonicalUrl leaves what is no URL as it is', () => {
  for (const text of [
    '',
    'customer-17',
    'Tenant:%41',
    'ftp://A/%41',
    '/a/../b',
    'https://',
    'a b',
    'https://a.example:port',
  ])
    assert.equal(canonicalUrl(text), text)
})

test('the canonical form of a canonical form is itself', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), fc.nat(5), (url, dots) => {
      const dotted = url.replace(/^(https?:\/\/[^/?:]+)/, `$1${dots === 1 ? '.' : ''}`)
      assert.equal(canonicalUrl(canonicalUrl(dotted)), canonicalUrl(dotted))
      assert.equal(canonicalUrl(dotted), canonicalUrl(url))
    }),
  )
})
