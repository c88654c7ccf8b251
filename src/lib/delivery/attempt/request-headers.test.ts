import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestHeaders } from './request-headers.ts'
import { ReservedHeaderError } from './reserved-header-error.ts'

test('requestHeaders gives the headers with names in lower case', () => {
  assert.deepEqual(requestHeaders({ Authorization: 'Bearer x', 'X-Tenant': '7' }), {
    authorization: 'Bearer x',
    'x-tenant': '7',
  })
})

test('requestHeaders refuses what is reserved, in any case', () => {
  for (const name of [
    'Host',
    'content-length',
    'Transfer-Encoding',
    'connection',
    'TE',
    'Webhook-Id',
    'webhook-anything',
    'CDN-Loop',
  ])
    assert.throws(() => requestHeaders({ [name]: 'x' }), ReservedHeaderError)
})

test('requestHeaders refuses what is no HTTP header, without repeating its value', () => {
  for (const [name, value] of [
    ['a b', 'x'],
    ['x-a', 'line\r\nbreak'],
    ['', 'x'],
  ] as const)
    assert.throws(() => requestHeaders({ [name]: value }), { code: 'ERR_RESERVED_HEADER' })
  assert.throws(
    () => requestHeaders({ 'x-key': 'secret\n' }),
    (error: Error) => !error.message.includes('secret'),
  )
})
