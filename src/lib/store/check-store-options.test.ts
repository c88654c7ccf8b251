import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { createDelivery } from '../delivery/create-delivery.ts'
import { memoryStore } from './memory-store.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

const database = new DatabaseSync(':memory:')
for (const [options, words] of [
  [{ pth: 'x.sqlite' }, /"pth".*Did you mean "path"\?/],
  [{ database, storeLimit: 5 }, /"storeLimit".*Did you mean "storeLimitBytes"\?/],
  [{ path: 'x.sqlite', waitLimit: 5 }, /Did you mean "waitLimitMs"\?/],
  [{}, /needs one database/],
  [{ path: 'x.sqlite', database }, /needs one database/],
  [{ path: '' }, /"path" .* is ""/],
  [{ path: new URL('file:///x.sqlite') }, /"path" .* is an object/],
  [{ database: 'x.sqlite' }, /"database" .* is "x\.sqlite"/],
  [{ database, queueLimit: 0 }, /"queueLimit" .* is 0/],
  [{ database, waitLimitMs: '5' }, /"waitLimitMs" .* is "5"/],
  [undefined, /sqliteStore/],
] as const)
  test(`sqliteStore refuses ${words}`, () => {
    assert.throws(() => sqliteStore(options as never), { name: 'DefinitionError', message: words })
  })

const engine = { store: memoryStore(), signing: { masterSecret: 'm'.repeat(32) } }
for (const [options, words] of [
  [{ stor: 1 }, /"stor".*Did you mean "store"\?/],
  [{ retryDelaySeconds: [1] }, /Did you mean "retryDelaysSeconds"\?/],
  [{ storeLimitBytes: 1 }, /"storeLimitBytes"/],
  [{ timeoutMs: 0 }, /"timeoutMs" is 0/],
  [{ retryDelaysSeconds: [] }, /"retryDelaysSeconds" is empty/],
  [{ retention: { days: 1 } }, /"days" in "retention"/],
  [{ signing: { secret: 'x' } }, /"secret" in "signing"/],
] as const)
  test(`createDelivery refuses ${JSON.stringify(options)}`, () => {
    assert.throws(() => createDelivery({ ...engine, ...options } as never), { name: 'DefinitionError', message: words })
  })

test('an engine refuses a listener of an event that never comes', () => {
  const { on } = createDelivery(engine)
  assert.throws(() => on('delivery.create' as never, () => {}), /Did you mean "delivery\.created"\?/)
})
