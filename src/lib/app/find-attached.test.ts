import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { callback } from '../operation/callback-definition.ts'
import type { CallbackSet } from '../operation/check-callbacks.ts'
import { testClient } from '../testing/test-client.ts'
import { appInternals, Ringback } from './ringback.ts'
import { Router } from './router.ts'

const query = z.object({ callback_url: z.url() })
const external = 'https://www.external.org'
const values = { '$request.query.callback_url': external }
const template = '{$request.query.callback_url}/paid'
const paid = callback.post('{$callback_url}/paid', {})
const other = callback.post('{$callback_url}/other', {})
const named = callback.post('{$callback_url}/paid', { id: 'invoice-paid' })

const createApp = () => new Ringback({ title: 'Attached', version: '1.0.0', log: new RecordingLog() })
const data = (rest: object = {}) => ({ operation: 'pay', callback: 'paid', template, values, ...rest })

/** An app whose operations have these callbacks. The keys name the handlers. */
function appWith(operations: Record<string, CallbackSet>): Ringback {
  const app = createApp()
  for (const [name, callbacks] of Object.entries(operations)) {
    const handler = { [name]: () => {} }[name] as () => void
    app.post(`/${name}`, { query, callbacks: callbacks as never }, handler as never)
  }
  return app
}

test('restore finds a definition that is attached once, even after handler, key and URL have changed', () => {
  const moved = callback.post('{$callback_url}/paid/new', {})
  assert.equal(appWith({ pay: { paid } }).restore(paid, data()).url, `${external}/paid`)
  assert.equal(appWith({ payNow: { paid } }).restore(paid, data()).url, `${external}/paid`)
  assert.equal(appWith({ a: { settled: paid } }).restore(paid, data()).url, `${external}/paid`)
  const restored = appWith({ payNow: { settled: moved, other } }).restore(moved, data())
  assert.equal(restored.url, `${external}/paid/new`)
  assert.deepEqual(restored.toJSON(), {
    operation: 'payNow',
    callback: 'settled',
    template: '{$request.query.callback_url}/paid/new',
    values,
  })
})

test('restore finds what an application and those that it mounts have attached', () => {
  const outer = appWith({ pay: { paid } })
  outer.mount('/below', appWith({ notify: { other } }))
  assert.equal(outer.restore(paid, data()).toJSON().operation, 'pay')
  assert.equal(outer.restore(other, data({ callback: 'other' })).toJSON().operation, '/below#notify')
})

test('restore finds a definition that is attached more than once by operation and key, or by its id', () => {
  const twice = appWith({ pay: { paid }, refund: { paid } })
  assert.equal(twice.restore(paid, data({ operation: 'refund' })).toJSON().operation, 'refund')
  const renamed = appWith({ payNow: { paid }, refund: { settled: paid } })
  assert.equal(renamed.restore(paid, data({ operation: 'refund' })).toJSON().callback, 'settled')
  assert.throws(() => renamed.restore(paid, data()), {
    code: 'ERR_CALLBACK_DATA',
    message: /on 2 operations.*"pay" with a callback "paid".*"operationId".*"id"/,
  })
  const byId = appWith({ payNow: { settled: named }, refund: { paid: named } })
  assert.equal(byId.restore(named, data({ id: 'invoice-paid' })).toJSON().operation, 'refund')
  assert.throws(() => byId.restore(named, data()), { code: 'ERR_CALLBACK_DATA' })
  assert.equal(byId.restore(named, data({ id: 'invoice-paid' })).toJSON().id, 'invoice-paid')
})

test('restore finds the callbacks of a router that is included twice', () => {
  const build = (handlerName: string) => {
    const router = new Router({ callbacks: { paid: named } })
    router.post('/x', { query }, { [handlerName]: () => {} }[handlerName] as () => void)
    const app = createApp()
    app.include(router, { prefix: '/v1' })
    app.include(router, { prefix: '/v2' })
    return app
  }
  const kept = { ...data({ operation: 'postV2X', id: 'invoice-paid' }) }
  assert.equal(build('pay').restore(named, kept).toJSON().operation, 'postV2X')
  assert.equal(build('payNow').restore(named, { ...kept, operation: 'pay' }).url, `${external}/paid`)
})

test('restore refuses the data of another definition, invalid data, and a definition that is attached nowhere', () => {
  const app = appWith({ pay: { paid, named } })
  const needsMore = callback.post('{$callback_url}/paid/{$request.query.page}', {})
  const pages = createApp()
  pages.post('/pay', { query: query.extend({ page: z.string() }), callbacks: { paid: needsMore } }, function pay() {})
  const refused: readonly [() => unknown, RegExp][] = [
    [() => app.restore(other, data()), /another definition/],
    [() => app.restore(other, data({ operation: 'gone' })), /not on any operation/],
    [() => app.restore(named, data()), /another definition/],
    [() => app.restore(named, data({ id: 'something-else', operation: 'gone' })), /another definition/],
    [() => app.restore(paid, data({ id: 'invoice-paid', operation: 'gone' })), /another definition/],
    [() => pages.restore(needsMore, data()), /"\$request\.query\.page" is missing; its URL was ".*\/paid".*now/],
  ]
  for (const [restore, message] of refused) assert.throws(restore, { code: 'ERR_CALLBACK_DATA', message })
})

test('an empty id, or one of two definitions, is a definition error', () => {
  const twin = callback.put('{$callback_url}/twin', { id: 'invoice-paid' })
  const empty = callback.put('{$callback_url}/twin', { id: '' })
  assert.throws(() => appWith({ pay: { named }, refund: { twin } }), {
    code: 'ERR_DEFINITION',
    message: /"invoice-paid"/,
  })
  assert.throws(() => appWith({ pay: { named, twin } }), { code: 'ERR_DEFINITION', message: /"twin"/ })
  assert.throws(() => appWith({ pay: { empty } }), { code: 'ERR_DEFINITION', message: /"empty"/ })
})

test('onResponse runs for a delivery that was stored before its handler was renamed, where its name is unambiguous', async () => {
  const seen: string[] = []
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Attached', version: '1.0.0', log })
  const asking = (what: string) => callback.post('{$callback_url}/asked', { onResponse: () => void seen.push(what) })
  app.post('/pay', { query, callbacks: { asked: asking('asked'), done: asking('one') } }, function payNow() {})
  app.post('/refund', { query, callbacks: { done: asking('other') } }, function refund() {})
  await using client = await testClient(app)
  client.externalApi(external, async () => new Response(null, { status: 204 }))
  const { engine } = appInternals(app).delivery
  const request = { method: 'POST', url: `${external}/asked`, destination: external, hasOnResponse: true }
  const stored = [
    ['pay', 'asked'],
    ['refund', 'asked'],
    ['pay', 'done'],
    ['refund', 'done'],
  ] as const
  for (const [operation, callback] of stored) await engine.send({ ...request, operation, callback })
  await client.deliver()
  assert.deepEqual(seen.toSorted(), ['asked', 'other'])
  const lost = log.messages.filter(({ text }) => text.includes('"onResponse"')).map(({ fields }) => fields)
  assert.deepEqual(lost.map(({ operation, callback }) => `${operation} ${callback}`).toSorted(), [
    'pay done',
    'refund asked',
  ])
})
