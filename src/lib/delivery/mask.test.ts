import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskHeaders, maskShownHeaders, maskUrl } from './mask.ts'

test('maskUrl hides query, fragment and user info, and nothing else', () => {
  assert.equal(maskUrl('https://a.example/x?token=1#2'), 'https://a.example/x?***')
  assert.equal(maskUrl('https://a.example/x#access_token=1?2'), 'https://a.example/x#***')
  assert.equal(maskUrl('https://a.example/x'), 'https://a.example/x')
  assert.equal(maskUrl('https://a.example/@x'), 'https://a.example/@x')
  assert.equal(maskUrl('https://user:p@ss@a.example/@x?y@z'), 'https://***@a.example/@x?***')
  assert.equal(maskUrl('https:\\\\user:pass@a.example\\x'), 'https:\\\\***@a.example\\x')
})

test('maskHeaders hides the values of headers that carry credentials', () => {
  const headers = { authorization: 'a', 'set-cookie': 'b', 'x-api-key': 'c', 'x-auth-token': 'd', 'content-type': 'e' }
  const masked = maskHeaders(headers)
  assert.deepEqual(Object.values(masked), ['***', '***', '***', '***', 'e'])
})

test('maskHeaders knows the names of keys and sessions, and keys that open nothing', () => {
  const hidden = [
    'x-auth',
    'x-auth-key',
    'ocp-apim-subscription-key',
    'x-session-id',
    'x-jwt',
    'x-passwd',
    'www-private-key',
  ]
  const shown = ['idempotency-key', 'surrogate-key', 'x-author', 'etag', 'www-authenticate']
  const headers = Object.fromEntries([...hidden, ...shown].map(name => [name, 'value']))
  const masked = Object.entries(maskHeaders(headers)).filter(([, value]) => value === '***')
  assert.deepEqual(
    masked.map(([name]) => name),
    hidden,
  )
})

test('maskShownHeaders hides the queries of URLs too', () => {
  const headers = {
    location: '/there/?token=1',
    'content-location': 'https://a.example/?token=1',
    'set-cookie': 'a',
    link: 'b',
  }
  assert.deepEqual(maskShownHeaders(headers), {
    location: '/there/?***',
    'content-location': 'https://a.example/?***',
    'set-cookie': '***',
    link: 'b',
  })
})
