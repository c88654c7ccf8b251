import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { callback } from '../operation/callback-definition.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { apiKey } from '../security/api-key.ts'
import { httpBasic } from '../security/http-basic.ts'
import { httpBearer } from '../security/http-bearer.ts'
import { testClient } from '../testing/test-client.ts'
import { Ringback } from './ringback.ts'
import { Router } from './router.ts'

/** An untyped value, as JavaScript may pass it. */
type Call = (...given: unknown[]) => unknown
const loose = <Names extends string>(value: unknown) => value as Readonly<Record<Names, Call>>
const looseCall = (value: unknown) => value as Call
const make = (type: unknown, ...given: unknown[]): unknown => Reflect.construct(type as new () => unknown, given)

const log = new RecordingLog()
const info = { title: 'Options', version: '1.0.0', log }
const ringback = (options: object) => new Ringback({ ...info, ...options })
const delivery = (options: object) => ringback({ delivery: options })
const { post, put } = loose<'post' | 'put'>(callback)
const app = loose<'use' | 'on' | 'override' | 'onError' | 'include' | 'get'>(new Ringback(info))

const unknown: Readonly<Record<string, readonly [give: () => unknown, name: string, meant: string | undefined]>> = {
  'the application': [() => ringback({ delivry: {} }), 'delivry', 'delivery'],
  'the application, without a like': [() => ringback({ swagger: '/d' }), 'swagger', undefined],
  docs: [() => ringback({ docs: { swager: '/d' } }), 'swager', 'swagger'],
  delivery: [() => delivery({ retryDelays: [1] }), 'retryDelays', 'retryDelaysSeconds'],
  'the clock of deliveries, which is not ours to give': [() => delivery({ clock: {} }), 'clock', undefined],
  signing: [() => delivery({ signing: { masterSecrets: 'x' } }), 'masterSecrets', 'masterSecret'],
  concurrency: [() => delivery({ concurrency: { perorigin: 1 } }), 'perorigin', 'perOrigin'],
  callConcurrency: [() => delivery({ callConcurrency: { totl: 1 } }), 'totl', 'total'],
  retention: [() => delivery({ retention: { rowDays: 1 } }), 'rowDays', 'rowsDays'],
  Router: [() => new Router({ perfix: '/v1' } as never), 'perfix', 'prefix'],
  include: [() => app.include(new Router(), { prefx: '/v1' }), 'prefx', 'prefix'],
  dependency: [() => looseCall(dependency)({ scpe: 'app' }, () => 1), 'scpe', 'scope'],
  'a callback': [() => post('{$u}', { timeout: 5 }), 'timeout', 'timeoutMs'],
  'a callback of another method': [() => put('{$u}', { bdy: z.string() }), 'bdy', 'body'],
  'an operation': [() => app.get('/unknown', { respons: z.string() }, () => 'x'), 'respons', 'response'],
  'an event': [() => app.on('delivery.sent', () => {}), 'delivery.sent', 'delivery.settled'],
  'an event, nearly': [() => app.on('attempt.finishd', () => {}), 'attempt.finishd', 'attempt.finished'],
  httpBearer: [() => httpBearer({ bearerformat: 'JWT' } as never), 'bearerformat', 'bearerFormat'],
  httpBasic: [() => httpBasic({ relm: 'x' } as never), 'relm', 'realm'],
  apiKey: [() => apiKey({ in: 'header', name: 'x', schemaName: 'y' } as never), 'schemaName', 'schemeName'],
}

for (const [place, [give, name, meant]] of Object.entries(unknown))
  test(`an unknown name is refused: ${place}`, () => {
    assert.throws(give, (error: unknown) => {
      assert.ok(error instanceof DefinitionError, String(error))
      assert.match(error.message, new RegExp(`"${name.replace('.', '\\.')}"`))
      if (meant === undefined) assert.doesNotMatch(error.message, /Did you mean/)
      else assert.match(error.message, new RegExp(`Did you mean "${meant.replace('.', '\\.')}"\\?`))
      return true
    })
  })

for (const [alow, rule] of [
  [{ alow: ['10.0.0.0/8'] }, 'alow'],
  [{ allow: ['10.0.0.0/33'] }, 'allow'],
  [{ deny: 'localhost' }, 'deny'],
  [{ ports: [0] }, 'ports'],
  [{ schemes: ['ftp'] }, 'schemes'],
  [{ proxy: 'proxy.lan:3128' }, 'proxy'],
  [{ lookupTimeoutMs: 0 }, 'lookupTimeoutMs'],
] as const)
  test(`destinations are read when they are given: ${JSON.stringify(alow)}`, () => {
    assert.throws(() => delivery({ destinations: alow }), { name: 'DestinationRuleError', rule })
  })

for (const [options, words] of [
  [{ retryDelaysSeconds: [] }, /"retryDelaysSeconds" is empty/],
  [{ retryDelaysSeconds: [0, -5] }, /"retryDelaysSeconds" holds -5/],
  [{ retryDelaysSeconds: 5 }, /"retryDelaysSeconds" is .*, not a list/],
  [{ retryDelaysSeconds: ['5'] }, /"retryDelaysSeconds" holds "5"/],
  [{ finalStatuses: 410 }, /"finalStatuses" is 410, not a list/],
  [{ finalStatuses: [200] }, /"finalStatuses" holds 200, but a 2xx/],
  [{ finalStatuses: [600] }, /"finalStatuses" holds 600/],
  [{ timeoutMs: 0 }, /"timeoutMs" is 0/],
  [{ timeoutMs: -5 }, /"timeoutMs" is -5/],
  [{ timeoutMs: '100' }, /"timeoutMs" is "100"/],
  [{ timeoutMs: 2 ** 31 }, /"timeoutMs" is 2147483648/],
] as const) {
  test(`times and statuses are refused when they are given: ${JSON.stringify(options)}`, () => {
    assert.throws(() => delivery(options), { name: 'DefinitionError', message: words })
    assert.throws(() => post('{$callback_url}', options), { name: 'DefinitionError', message: words })
  })
}

for (const [options, words] of [
  [{ concurrency: { total: 0 } }, /"concurrency\.total" is 0/],
  [{ concurrency: { perOrigin: -1 } }, /"concurrency\.perOrigin" is -1/],
  [{ callConcurrency: { total: 1.5 } }, /"callConcurrency\.total" is 1\.5/],
  [{ ratePerSecond: 0 }, /"ratePerSecond" is 0; give a number from 0\.001 to 10,000/],
  [{ ratePerSecond: '5' }, /"ratePerSecond" is "5"/],
  [{ retention: { bytesDays: -1 } }, /"retention\.bytesDays" is -1/],
  [{ retention: { failedDays: Number.NaN } }, /"retention\.failedDays" is NaN/],
  [{ payloadLimitBytes: -1 }, /"payloadLimitBytes" is -1/],
  [{ responseLimitBytes: 1.5 }, /"responseLimitBytes" is 1\.5/],
  [{ storeLimitBytes: 0 }, /"storeLimitBytes" is 0/],
] as const)
  test(`invalid delivery options are refused when they are given: ${JSON.stringify(options)}`, () => {
    assert.throws(() => delivery(options), { name: 'DefinitionError', message: words })
  })

for (const [give, words] of [
  [() => make(Ringback), /An application needs options: give at least a "title" and a "version"/],
  [() => make(Ringback, 'Invoices'), /An application needs options/],
  [() => make(Ringback, null), /An application needs options/],
  [() => ringback({ title: '' }), /needs a "title" and a "version"/],
  [() => ringback({ docs: true }), /"docs"/],
  [() => ringback({ docs: { openapi: 'openapi.json' } }), /"docs\.openapi" is "openapi\.json"/],
  [() => ringback({ docs: { swagger: '' } }), /"docs\.swagger" is ""/],
  [() => ringback({ delivery: null }), /"delivery"/],
  [() => ringback({ lifespan: {} }), /"lifespan" is .*, not a function/],
  [() => ringback({ extendDocument: {} }), /"extendDocument" is .*, not a function/],
  [() => ringback({ generateOperationId: 'x' }), /"generateOperationId" is .*, not a function/],
  [() => ringback({ log: {} }), /"log" has no "debug"/],
  [() => app.use('/x'), /no middleware/],
  [() => app.use(), /no middleware/],
  [() => app.use('/x', 'cors'), /not a function/],
  [() => app.use({}), /not a function/],
  [() => app.override({}, () => 1), /no dependency/],
  [() => app.override(undefined, () => 1), /no dependency/],
  [
    () =>
      app.override(
        dependency({}, () => 1),
        1,
      ),
    /not a function/,
  ],
  [() => app.onError('x', () => new Response()), /not an error class/],
  [
    () =>
      app.onError(
        () => {},
        () => new Response(),
      ),
    /not an error class/,
  ],
  [() => app.onError(undefined, () => new Response()), /not an error class/],
  [() => app.onError(TypeError), /no function after the class/],
  [() => app.on('delivery.settled'), /not a function/],
  [() => looseCall(dependency)({ scope: 'request' }, () => 1), /"scope" of a dependency is "request".*response/],
  [() => looseCall(dependency)({ scope: 'App' }, () => 1), /Did you mean "app"\?/],
  [() => looseCall(dependency)(undefined, () => 1), /definition/],
  [() => apiKey({ in: 'body', name: 'x' } as never), /"in" of "apiKey" is "body"/],
  [() => looseCall(apiKey)(), /"apiKey"/],
  [() => post('{$u}', { onResponse: true }), /"onResponse" .* is .*, not a function/],
  [() => new Router({ prefix: 'v1' }), /must begin with "\/"/],
] as const)
  test(`impossible options are refused with a message: ${words}`, () => {
    assert.throws(give, { name: 'DefinitionError', message: words })
  })

for (const close of [{ grace: 5 }, { graceMs: -1 }, { graceMs: '5' }, { closeTimeoutMs: Number.NaN }] as never[])
  test(`close refuses ${JSON.stringify(close)}`, async () => {
    await assert.rejects(new Ringback(info).close(close), DefinitionError)
  })

const query = z.object({ callback_url: z.url() })
for (const [options, words] of [
  [{ delay: 5 }, /"delay".*Did you mean "delayMs"\?/],
  [{ header: {} }, /"header".*Did you mean "headers"\?/],
  [{ at: new Date(), delayMs: 5 }, /"at" and "delayMs"/],
  [{ delayMs: -1 }, /"delayMs" is -1/],
  [{ delayMs: Number.NaN }, /"delayMs" is NaN/],
  [{ delayMs: '5' }, /"delayMs" is "5"/],
  [{ at: '2026-01-01' }, /"at" is "2026-01-01"/],
  [{ at: new Date(Number.NaN) }, /"at" is Invalid Date/],
  [{ expiresAt: 5_000 }, /"expiresAt" is 5000; give a valid Date/],
  [{ expiresAt: new Date(Number.NaN) }, /"expiresAt" is Invalid Date/],
  ['soon', /options/],
] as const)
  for (const how of ['send', 'call', 'late send'] as const)
    test(`the options of ${how} are checked when they are given: ${JSON.stringify(options)}`, async () => {
      const app = new Ringback(info)
      const done = callback.post('{$callback_url}/done', {})
      const late = callback.post('{$callback_url}/{$response.body.id}', {})
      const response = z.object({ id: z.string() })
      let refused: unknown
      app.post('/x', { query, response, callbacks: { done, late } }, async ({ callbacks }) => {
        try {
          if (how === 'late send') await callbacks.late.send(undefined, options as never)
          else await callbacks.done[how](undefined, options as never)
        } catch (error) {
          refused = error
        }
        return { id: '1' }
      })
      await using client = await testClient(app)
      await client.post('/x?callback_url=https://www.external.org')
      assert.ok(refused instanceof Error, 'nothing was refused')
      assert.equal(refused.name, 'CallbackArgumentError')
      assert.match(refused.message, words)
      assert.equal(client.deliveries.length, 0)
    })
