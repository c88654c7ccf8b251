import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { evaluateUrlTemplate } from './evaluate-url-template.ts'
import type { Exchange } from './exchange.ts'
import { parseUrlTemplate } from './parse.ts'

function exchangeOf(query: Record<string, unknown>, body: unknown = undefined): Exchange {
  return { url: 'https://api.example/', method: 'POST', request: { params: {}, query, headers: {}, body } }
}
const evaluate = (text: string, query: Record<string, unknown>) =>
  evaluateUrlTemplate(parseUrlTemplate(text), exchangeOf(query))

test('evaluateUrlTemplate composes the URL on the parsed base', () => {
  const cases = [
    ['{$u}/invoices/{$a}', 'https://x.example/hook?token=a', 1, 'https://x.example/hook/invoices/1?token=a'],
    ['{$u}', 'https://x.example', 1, 'https://x.example/'],
    ['$request.query.u', 'https://x.example/hook/', 1, 'https://x.example/hook/'],
    ['{$u}/a', 'https://x.example//', 1, 'https://x.example/a'],
    ['{$u}a', 'https://x.example/hook', 1, 'https://x.example/hook/a'],
    ['{$u}//a//b/', 'https://x.example/hook/', 1, 'https://x.example/hook/a/b/'],
    ['{$u}{$a}', 'https://x.example/hook', 'b', 'https://x.example/hook/b'],
    ['{$u}/{$a}', 'https://x.example', 'a/b', 'https://x.example/a%2Fb'],
    ['{$u}/{$a}', 'https://x.example', '../b?c#d%', 'https://x.example/..%2Fb%3Fc%23d%25'],
    ['{$u}/{$a}', 'https://x.example', '%2e%2e', 'https://x.example/%252e%252e'],
    ['{$u}/{$a}', 'https://x.example', 'Grüße 1', 'https://x.example/Gr%C3%BC%C3%9Fe%201'],
    ['{$u}/{$a}-{$a}.json', 'https://x.example', 'b', 'https://x.example/b-b.json'],
    ['{$u}/.{$a}', 'https://x.example', 'b', 'https://x.example/.b'],
    ['{$u}/{$a}', 'https://x.example', true, 'https://x.example/true'],
    ['{$u}/{$a}', 'https://x.example', -0.5, 'https://x.example/-0.5'],
    ['{$u}/x?b={$a}', 'https://x.example/?t=1', 'c&d=e f', 'https://x.example/x?t=1&b=c%26d%3De%20f'],
    ['{$u}?b={$a}', 'https://x.example/hook', 'a/b', 'https://x.example/hook?b=a%2Fb'],
    ['{$u}?b=/c?d', 'https://x.example/hook?t', '', 'https://x.example/hook?t&b=/c?d'],
    ['https://h.example/p/{$a}/', '', 'b', 'https://h.example/p/b/'],
    ['https://h.example/p-{$a}?t={$a}', '', 'b', 'https://h.example/p-b?t=b'],
    ['HTTP://H.example:80?t={$a}', '', 'b', 'http://h.example/?t=b'],
  ] as const
  for (const [text, u, a, url] of cases) {
    const evaluated = evaluate(text, { u, a })
    assert.equal('url' in evaluated ? evaluated.url : evaluated, url, text)
  }
})

test('evaluateUrlTemplate gives the base URL that stood at the beginning', () => {
  const cases = [
    ['{$u}/invoices', 'https://X.example:443/hook/?token=a', 'https://x.example/hook/?token=a'],
    ['{$u}', 'https://x.example', 'https://x.example/'],
    ['https://h.example/a/b-{$u}/c', 'd', 'https://h.example/a/'],
    ['https://h.example/a?b={$u}', 'd', 'https://h.example/a'],
  ] as const
  for (const [text, u, base] of cases) {
    const evaluated = evaluate(text, { u })
    assert.equal('base' in evaluated ? evaluated.base : evaluated, base, text)
  }
  assert.deepEqual(evaluate('https://h.example/a?b', {}), {
    url: 'https://h.example/a?b',
    base: 'https://h.example/a?b',
  })
})

test('evaluateUrlTemplate names the first expression without a value, whatever else is wrong', () => {
  assert.deepEqual(evaluate('{$u}', {}), { missing: '$u' })
  assert.deepEqual(evaluate('{$request.query.u}/{$request.body#/id}', { u: 'no url' }), {
    missing: '$request.body#/id',
  })
  assert.deepEqual(evaluate('{$u}/{$response.header.Location}', { u: null }), { missing: '$u' })
})

test('evaluateUrlTemplate says what is wrong with a base, without its text', () => {
  const bases = [
    ['', 'Must not be empty'],
    [['https://x.example'], 'Must be text, a number or a boolean'],
    ['https://x.example/\ud800', 'Must be well-formed Unicode text'],
    ['https://x.example/#', 'Must be a URL without a fragment'],
    ['https://x.example/?a#b', 'Must be a URL without a fragment'],
    ...[
      '/a',
      'x.example',
      'ftp://x.example',
      'javascript:alert(1)',
      'https:x.example',
      'https:///x.example',
      'https://',
    ],
    ...['https:\\\\x.example', 'https://x.example:99999', 'https://[::1', 'ht\ntps://x.example', 'https://x.\texample'],
    ...[' https://x.example', 7, true],
  ].map(entry => (Array.isArray(entry) ? entry : [entry, 'Must be an absolute http or https URL']))
  for (const [u, invalid] of bases) {
    assert.deepEqual(evaluate('{$u}/{$a}', { u, a: 1 }), { invalid, expression: '$u' }, String(u))
  }
})

test('evaluateUrlTemplate says what is wrong with a value', () => {
  const values = [
    ['', 'Must not be empty'],
    ['.', 'Must not be "." or ".."'],
    ['..', 'Must not be "." or ".."'],
    [['a'], 'Must be text, a number or a boolean'],
    [{}, 'Must be text, a number or a boolean'],
    [Number.NaN, 'Must be text, a number or a boolean'],
    ['\udc00a', 'Must be well-formed Unicode text'],
  ] as const
  for (const text of ['{$u}/b/{$a}', '{$u}/b-{$a}', '{$u}?b={$a}', 'https://h.example/{$a}']) {
    for (const [a, invalid] of values) {
      assert.deepEqual(evaluate(text, { u: 'https://x.example', a }), { invalid, expression: '$a' })
    }
  }
})

test('evaluateUrlTemplate reads a hostile base of a megabyte without delay', { timeout: 5000 }, () => {
  const slashes = '/'.repeat(1 << 20)
  for (const [u, end] of [
    [`https://x.example/${slashes}b`, '//b/a'],
    [`https://x.example/b${slashes}`, 'example/b/a'],
  ] as const) {
    const evaluated = evaluate('{$u}/a', { u })
    assert.ok('url' in evaluated && evaluated.url.endsWith(end))
  }
})

const templates = [
  '{$u}/p/{$a}/q?r={$b}',
  '{$u}/{$a}-{$b}/q',
  '{$u}{$a}{$b}',
  'https://h.example:8443/p/{$a}/{$b}?s={$u}',
  'http://h.example/.{$a}/%2e{$b}',
  '{$request.body#/a/0}/{$response.body#/x}{$statusCode}',
  '$request.header.x',
].map(text => parseUrlTemplate(text))

test('evaluateUrlTemplate never throws, whatever the exchange holds', () => {
  const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true, withDate: true })
  const record = fc.dictionary(fc.constantFrom('u', 'a', 'b', 'x', '__proto__'), anything)
  const webUrl = fc.webUrl({ withFragments: true, withQueryParameters: true })
  fc.assert(
    fc.property(
      fc.constantFrom(...templates),
      fc.record({ query: record, headers: record, body: anything }),
      webUrl,
      (template, { query, headers, body }, u) => {
        const request = { params: query, query: { u, ...query }, headers, body }
        for (const response of [{}, { response: { status: 200, headers, body } }]) {
          const evaluated = evaluateUrlTemplate(template, { url: u, method: 'GET', request, ...response })
          assert.equal(Number('url' in evaluated) + Number('missing' in evaluated) + Number('invalid' in evaluated), 1)
        }
      },
    ),
  )
})

const hostile = fc.oneof(
  fc.stringMatching(/^[\w-]{1,8}$/),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'./\\:@?#%2eE&= \t\n') }),
  fc.constantFrom('//evil.example', '@evil.example', ':81', '.evil.example', '%2e%2e', '..%2f', '\\..\\'),
)

test('evaluateUrlTemplate keeps the scheme, host and port of the base for any value', () => {
  const bases = [
    'https://x.example',
    'http://x.example:8080/hook?t=1',
    'https://user@x.example/a/',
    'http://[2001:db8::1]/',
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...templates.slice(0, 5)),
      fc.constantFrom(...bases),
      hostile,
      hostile,
      (template, u, a, b) => {
        const evaluated = evaluateUrlTemplate(template, exchangeOf({ u, a, b }))
        if (!('url' in evaluated)) return assert.ok('invalid' in evaluated)
        const first = template.parts[0]
        const base = new URL(first?.kind === 'literal' ? first.text : u)
        const url = new URL(evaluated.url)
        assert.equal(url.href, evaluated.url)
        assert.deepEqual([url.origin, url.username, url.hash], [base.origin, base.username, ''])
        assert.equal(new URL(evaluated.base).origin, base.origin)
      },
    ),
    { numRuns: 1000 },
  )
})

test('evaluateUrlTemplate keeps each value in its own segment or query value', () => {
  const template = parseUrlTemplate('{$u}/p/{$a}/{$a}-{$b}/q?r={$b}&s=1')
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const evaluated = evaluateUrlTemplate(template, exchangeOf({ u: 'https://x.example/hook?t=1', a, b }))
      if (!('url' in evaluated)) return assert.ok('invalid' in evaluated)
      const url = new URL(evaluated.url)
      const segments = url.pathname.split('/').map(decodeURIComponent)
      assert.deepEqual(segments, ['', 'hook', 'p', a, `${a}-${b}`, 'q'])
      assert.deepEqual(
        url.search
          .slice(1)
          .split('&')
          .map(pair => decodeURIComponent(pair)),
        ['t=1', `r=${b}`, 's=1'],
      )
    }),
    { numRuns: 1000 },
  )
})

test('evaluateUrlTemplate reads a base with an empty query as one without', () => {
  const bases = [
    'https://e.org',
    'https://e.org/',
    'https://e.org/events',
    'https://e.org:8443/a/b/',
    'http://u:p@e.org/a',
  ]
  const following = ['', '/invoices/{$a}', '{$a}', '/p-{$a}.json', '?b={$a}', '/x?b={$a}']
  const id = fc.oneof(fc.constantFrom('7', '7/8', 'a?b', 'a b', 'ü', '%2F', 'a#b'), fc.string({ minLength: 1 }))
  fc.assert(
    fc.property(fc.constantFrom(...bases), fc.constantFrom(...following), id, (u, rest, a) => {
      assert.deepEqual(evaluate(`{$u}${rest}`, { u: `${u}?`, a }), evaluate(`{$u}${rest}`, { u, a }))
    }),
  )
  assert.deepEqual(evaluate('{$u}/i/{$a}', { u: 'https://e.org/events?', a: '7' }), {
    url: 'https://e.org/events/i/7',
    base: 'https://e.org/events',
  })
})

test('evaluateUrlTemplate keeps question marks that belong to the query of the base', () => {
  const cases = [
    ['{$u}?t=1', 'https://e.org/a??', 'https://e.org/a??&t=1'],
    ['{$u}/b?t=1', 'https://e.org/a??x', 'https://e.org/a/b??x&t=1'],
    ['{$u}/b', 'https://e.org/a??', 'https://e.org/a/b??'],
  ] as const
  for (const [text, u, url] of cases) assert.equal((evaluate(text, { u }) as { url: string }).url, url)
})
