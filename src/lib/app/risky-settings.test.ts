import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { callback } from '../operation/callback-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { Ringback } from './ringback.ts'

async function warningsOf(allow: readonly string[], hasCallbacks = true): Promise<string[]> {
  const log = new RecordingLog()
  const delivery = { store: memoryStore(), signing: { masterSecret: 'm'.repeat(32) }, destinations: { allow } }
  const app = new Ringback({ title: 'Risky', version: '1.0.0', log, delivery })
  const done = callback.post('https://www.external.org/', {})
  app.post('/x', hasCallbacks ? { callbacks: { done } } : {}, async () => {})
  await app.start()
  await app.close({ graceMs: 0 })
  return log.messages.filter(({ level }) => level === 'warn').map(({ text }) => text)
}

function setCareless(t: TestContext, value: string): void {
  const earlier = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  t.after(() => {
    if (earlier === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = earlier
  })
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = value
}

for (const entry of ['0.0.0.0/0', '::/0', '0.0.0.0/1', '*.com', '*.org'])
  test(`a start with ${entry} allowed warns of it, by its name`, async () => {
    const warnings = await warningsOf(['10.0.0.0/8', entry])
    assert.equal(warnings.length, 1)
    assert.ok(warnings[0]?.includes(`"${entry}"`), warnings[0])
  })

test('a start with addresses of one network does not warn, nor does one without callbacks', async () => {
  assert.deepEqual(await warningsOf(['10.0.0.0/8', '*.lan', 'fc00::/7']), [])
  assert.deepEqual(await warningsOf(['0.0.0.0/0'], false), [])
})

test('a start with NODE_TLS_REJECT_UNAUTHORIZED=0 warns that the certificates of callbacks are checked all the same', async t => {
  setCareless(t, '0')
  const [warning, ...more] = await warningsOf([])
  assert.match(warning ?? '', /NODE_TLS_REJECT_UNAUTHORIZED.*callback receivers/)
  assert.deepEqual(more, [])
  setCareless(t, '1')
  assert.deepEqual(await warningsOf([]), [])
})
