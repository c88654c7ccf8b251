import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wideEntries } from './wide-entries.ts'

test('wideEntries finds blocks of half the Internet and names that anybody may have', () => {
  for (const entry of [
    '0.0.0.0/0',
    '::/0',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '64.0.0.0/2',
    '::/3',
    '*.com',
    '*.ORG',
    '*.dev.',
    '*.名前',
  ])
    assert.deepEqual(wideEntries([entry]), [entry], entry)
})

test('wideEntries finds nothing in what belongs to one network', () => {
  const entries = ['10.0.0.0/8', '127.0.0.0/8', 'fc00::/7', '64:ff9b:1::/48', '::1', 'localhost', 'hooks.lan']
  assert.deepEqual(wideEntries([...entries, '*.lan', '*.internal', '*.localhost', '*.hooks.example.com', 'com']), [])
})
