import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskHeaders, maskUrl } from './mask.ts'

test('maskUrl hides the query and nothing else', () => {
  assert.equal(maskUrl('https://a.example/x?token=1#2'), 'https://a.example/x?***')
  assert.equal(maskUrl('https://a.example/x'), 'https://a.example/x')
})

test('maskHeaders hides the values of headers that carry credentials', () => {
  const headers = { authorization: 'a', 'set-cookie': 'b', 'x-api-key': 'c', 'x-auth-token': 'd', 'content-type': 'e' }
  const masked = maskHeaders(headers)
  assert.deepEqual(Object.values(masked), ['***', '***', '***', '***', 'e'])
})
