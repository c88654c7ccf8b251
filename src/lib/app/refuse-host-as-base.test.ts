import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { type CallbackDefinition, callback } from '../operation/callback-definition.ts'
import { Ringback } from './ringback.ts'
import type { RingbackOptions } from './ringback-options.ts'
import { Router } from './router.ts'

const about = { title: 'Hosts', version: '1.0.0', log: new RecordingLog() }
const headers = z.object({ Host: z.string(), origin: z.string().optional() })

/** Ways to attach a callback to an operation. */
const places: Readonly<Record<string, (done: CallbackDefinition, options?: Partial<RingbackOptions>) => Ringback>> = {
  'an operation'(done, options) {
    const app = new Ringback({ ...about, ...options })
    app.post('/x', { headers, callbacks: { done } }, async () => {})
    return app
  },
  'the app'(done, options) {
    const app = new Ringback({ ...about, ...options, callbacks: { done } })
    app.post('/x', { headers }, async () => {})
    return app
  },
  'a router'(done, options) {
    const router = new Router({ callbacks: { done } })
    router.post('/x', { headers }, async () => {})
    const app = new Ringback({ ...about, ...options })
    app.include(router)
    return app
  },
  'an include of a router in a router'(done, options) {
    const inner = new Router()
    inner.post('/x', { headers }, async () => {})
    const outer = new Router({ prefix: '/v1' })
    outer.include(inner, { callbacks: { done } })
    const app = new Ringback({ ...about, ...options })
    app.include(outer, { prefix: '/api' })
    return app
  },
}

const bases = [
  ['{$url}', '$url'],
  ['$url', '$url'],
  ['{$url}/x', '$url'],
  ['{$url}?a=1', '$url'],
  ['{$request.header.host}', '$request.header.host'],
  ['$request.header.HOST', '$request.header.HOST'],
  ['{$request.header.Host}/x/{$method}', '$request.header.Host'],
  ['{$host}/x', '$host'],
] as const

describe('refuseHostAsBase', () => {
  for (const [place, register] of Object.entries(places))
    for (const [url, text] of bases)
      test(`refuses "${url}" on ${place}, unless the application knows its hosts`, () => {
        const done = callback.post(url, {})
        assert.throws(
          () => register(done),
          (error: unknown) =>
            error instanceof DefinitionError &&
            error.message.includes(`begins with "${text}", which follows the Host header`) &&
            error.message.includes('"trustedHosts", such as') &&
            error.message.endsWith(`^`),
        )
        assert.equal(register(done, { trustedHosts: ['api.example.com'] }).openapi().info.title, 'Hosts')
      })

  for (const url of [
    'https://hooks.example.com/?source={$url}',
    'https://hooks.example.com/{$request.header.host}/x',
    '{$request.header.origin}/x?from={$url}',
    '{$origin}/{$request.header.Host}',
    '{$request.header.origin}/{$method}?host={$request.header.host}',
  ])
    test(`leaves "${url}" alone`, () => {
      for (const register of Object.values(places)) register(callback.post(url, {}))
    })

  test('leaves the callbacks of a callback alone: its receiver sends them', () => {
    const done = callback.post('https://hooks.example.com', { callbacks: { more: callback.post('{$url}/more', {}) } })
    for (const register of Object.values(places)) register(done)
  })
})
