import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ringback } from '../app/ringback.ts'
import type { RingbackOptions } from '../app/ringback-options.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { callback } from '../operation/callback-definition.ts'
import type { AnyCallback } from '../operation/check-callbacks.ts'

/** The description of a callback in the document of an application with such options. */
function description(one: AnyCallback, options: Partial<RingbackOptions> = {}): string {
  const app = new Ringback({ title: 'Payments', version: '1.0.0', ...options })
  app.post('/pay', { callbacks: { one } }, async () => {})
  const item = app.openapi().paths?.['/pay']?.post?.callbacks?.['one'] ?? {}
  return Object.values(item)[0]?.post?.description ?? ''
}

const plain = callback.post('https://www.external.org/hooks', {})

test('A callback tells its receivers how to verify it, how often it comes, and what ends it', () => {
  assert.equal(
    description(plain),
    '**Verify it first**: `webhook-signature` signs `webhook-id`, `webhook-timestamp` and the bytes of the body (Standard Webhooks); `v1a` by a key of `/.well-known/jwks.json`, `v1` by the secret that you got from whoever runs this API. It is sent at least once: the same `webhook-id` may come again. A 2xx within 15 s acknowledges it; a redirect is not followed, and a 410 ends the delivery; after anything else it is sent again at most 9 times: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, or later where `Retry-After` asks for it.',
  )
})

test("Its author's own description comes first", () => {
  const own = callback.post('https://www.external.org/hooks', { description: 'The invoice was *paid*.' })
  assert.equal(description(own), `The invoice was *paid*.\n\n${description(plain)}`)
})

test('The schedule and the time limit are those of the callback, else those of the application', () => {
  const options = { delivery: { retryDelaysSeconds: [0, 30, 90, 5_400], timeoutMs: 2_500 } }
  assert.match(
    description(plain, options),
    /within 2\.5 s acknowledges it.* at most 3 times: after 30 s, 90 s and 90 min, or later/,
  )
  const own = callback.post('https://www.external.org/hooks', { retryDelaysSeconds: [0, 0.2], timeoutMs: 300 })
  assert.match(description(own, options), /within 300 ms acknowledges it.* at most once: after 200 ms, or later/)
  const never = callback.post('https://www.external.org/hooks', { retryDelaysSeconds: [0] })
  assert.match(description(never), /after anything else it is not sent again\.$/)
  const often = callback.post('https://www.external.org/hooks', { retryDelaysSeconds: Array(501).fill(60) })
  assert.match(description(often), / at most 500 times: after (?:1 min, ){11}1 min and …, or later/)
  const declared = callback.post('https://www.external.org/hooks', { retryOnInvalidResponse: true })
  assert.match(description(declared), /A 2xx with a body as declared within 15 s acknowledges it/)
})

test('What ends a delivery is what the callback names, else what the application names, else a 410', () => {
  const document = (finalStatuses: readonly number[] | undefined, ofApp: readonly number[] | undefined) => {
    const one = callback.post('https://www.external.org/hooks', { ...(finalStatuses && { finalStatuses }) })
    const app = new Ringback({
      ...{ title: 'Payments', version: '1.0.0' },
      delivery: { ...(ofApp && { finalStatuses: ofApp }) },
    })
    app.post('/pay', { callbacks: { one } }, async () => {})
    const item = Object.values(app.openapi().paths?.['/pay']?.post?.callbacks?.['one'] ?? {})[0]
    return { text: item?.post?.description ?? '', responses: Object.keys(item?.post?.responses ?? {}) }
  }
  const clients = Array.from({ length: 100 }, (_, at) => 400 + at)
  for (const [own, ofApp, words, responses] of [
    [undefined, undefined, 'is not followed, and a 410 ends the delivery; after', ['410', '2XX']],
    [[], undefined, 'is not followed; after anything else', ['2XX']],
    [undefined, [], 'is not followed; after anything else', ['2XX']],
    [[404], [], ', and a 404 ends the delivery; after', ['404', '2XX']],
    [[422, 400, 410], undefined, ', and a 400, 410 or 422 ends the delivery; after', ['400', '410', '422', '2XX']],
    [undefined, [501, ...clients], ', and a 4xx or 501 ends the delivery; after', ['501', '4XX', '2XX']],
    [clients.slice(1, 15), undefined, '411, 412 or others ends', clients.slice(1, 15).map(String).concat('2XX')],
  ] as const) {
    const told = document(own, ofApp)
    assert.ok(told.text.includes(words), told.text)
    assert.deepEqual(told.responses, [...responses])
  }
})

test('The public keys are where the document says that its API is', () => {
  for (const [options, url] of [
    [{ servers: [{ url: 'https://api.example.com/v1/' }] }, 'https://api.example.com/v1/.well-known/jwks.json'],
    [{ basePath: '/payments' }, '/payments/.well-known/jwks.json'],
    [{ servers: [{ url: '/' }] }, '/.well-known/jwks.json'],
    [{ servers: [{ url: 'https://{region}.example.com' }] }, '/.well-known/jwks.json'],
  ] as const)
    assert.ok(description(plain, options).includes(`a key of \`${url}\``), url)
})

test('docs.receivers is linked to, and must lead somewhere', () => {
  for (const [receivers, link] of [
    ['https://docs.example.com/callbacks', 'https://docs.example.com/callbacks'],
    ['/guides/callbacks#verify', '/guides/callbacks#verify'],
    ['https://docs.example.com/a b?(c)>d', 'https://docs.example.com/a%20b?(c)%3Ed'],
  ] as const)
    assert.ok(
      description(plain, { docs: { receivers } }).endsWith(`. [How to receive callbacks](<${link}>)`),
      receivers,
    )
  for (const receivers of ['', 'callbacks', 'javascript:alert(1)', 'data:text/html,x', 'http://', '//'])
    assert.throws(() => new Ringback({ title: 'Payments', version: '1.0.0', docs: { receivers } }), DefinitionError)
})

test('What a receiver may call in its turn is not sent by us', () => {
  const notified = callback.post('https://www.external.org/hooks', {
    callbacks: { back: callback.post('https://api.example.com/back', { description: 'Tell us.' }) },
  })
  const app = new Ringback({ title: 'Payments', version: '1.0.0' })
  app.post('/pay', { callbacks: { notified } }, async () => {})
  const text = JSON.stringify(app.openapi())
  assert.equal(text.split('Verify it first').length, 2)
  assert.ok(text.includes('"description":"Tell us."'))
})
