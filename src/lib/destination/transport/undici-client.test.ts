import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadUndiciFiles } from './undici-client.ts'

test('The files of undici that Bun needs are where they are looked for', async () => {
  const { Client } = await loadUndiciFiles()
  for (const method of ['dispatch', 'connect', 'close', 'destroy'])
    assert.equal(typeof Reflect.get(Client.prototype, method), 'function', method)
})
