import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import type { AnyApp } from '../operation/any-app.ts'
import { callback } from '../operation/callback-definition.ts'
import { memoryStore } from '../store/memory-store.ts'
import { Ringback } from './ringback.ts'

const paid = callback.post('{$callback_url}/paid', { body: z.object({ n: z.number() }) })
const data = {
  operation: 'pay',
  callback: 'paid',
  template: '{$request.query.callback_url}/paid',
  values: { '$request.query.callback_url': 'https://www.external.org' },
}

function createApp(options: { readonly worker?: boolean; readonly lifespan?: boolean } = {}) {
  const log = new RecordingLog()
  const app: Ringback = new Ringback({
    title: 'Never started',
    version: '1.0.0',
    log,
    delivery: {
      store: memoryStore(),
      signing: { masterSecret: 'a master secret of this test' },
      ...(options.worker !== undefined && { worker: options.worker }),
    },
    ...(options.lifespan && {
      lifespan: async function* (app: AnyApp) {
        await app.restore(paid, data).send({ n: 1 })
        yield
      },
    }),
  })
  const query = z.object({ callback_url: z.url(), sends: z.boolean() })
  app.post('/pay', { query, callbacks: { paid } }, async function pay({ query, callbacks }) {
    if (query.sends) await callbacks.paid.send({ n: 1 })
  })
  const pay = (sends: boolean) =>
    app.fetch(
      new Request(`http://localhost/pay?callback_url=https://www.external.org&sends=${sends}`, { method: 'POST' }),
    )
  const warnings = () => log.messages.filter(({ text }) => text.includes('nothing sends it')).length
  return { app, pay, warnings }
}

test('An application that was never started warns once of what it has stored', async () => {
  const { app, pay, warnings } = createApp()
  assert.equal((await pay(false)).status, 204)
  assert.equal(warnings(), 0)
  await pay(true)
  await pay(true)
  assert.equal(warnings(), 1)
  await app.close()
})

test('One that is started, or leaves sending to another process, has nothing to warn of', async () => {
  const elsewhere = createApp({ worker: false })
  await elsewhere.pay(true)
  assert.equal(elsewhere.warnings(), 0)
  await elsewhere.app.close()

  const started = createApp({ lifespan: true })
  await started.app.start()
  await started.pay(true)
  assert.equal(started.warnings(), 0)
  await started.app.close({ graceMs: 0 })
})
