import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { assertValid } from '../../../test/support/check-document.ts'
import { operation } from '../operation/operation.ts'
import { Ringback } from './ringback.ts'
import { Router } from './router.ts'

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH']
const response = z.string()

test('all registers an operation of each method but TRACE', async () => {
  const app = new Ringback({ title: 'All', version: '1.0.0' })
  const router = new Router({ prefix: '/v1' })
  router.all('/echo/{path*}', { response }, function echo({ request, params }) {
    return `${request.method} ${params.path}`
  })
  app.include(router)
  app.all(operation('/named', { operationId: 'proxy', response }), () => 'named')
  app.all('/hidden', { documented: false, response }, () => 'hidden')
  for (const method of METHODS) {
    const received = await app.fetch(new Request('http://a/v1/echo/a/b', { method }))
    assert.deepEqual([received.status, await received.json()], [200, `${method} a/b`])
  }
  assert.equal((await app.fetch(new Request('http://a/named', { method: 'HEAD' }))).status, 200)
  const other = await app.fetch(new Request('http://a/named', { method: 'PURGE' }))
  assert.deepEqual([other.status, other.headers.get('allow')?.split(', ').length], [405, METHODS.length + 1])
  const document = app.openapi()
  await assertValid(document)
  const ids = Object.values(document.paths ?? {}).flatMap(item =>
    Object.values(item).map(({ operationId }) => operationId),
  )
  assert.deepEqual(
    new Set(ids),
    new Set([
      ...['get', 'put', 'post', 'delete', 'options', 'patch'].map(method => `${method}V1EchoByPath`),
      ...['Get', 'Put', 'Post', 'Delete', 'Options', 'Patch'].map(method => `proxy${method}`),
    ]),
  )
  assert.throws(() => app.get('/named', { response }, () => ''), /GET \/named is already registered/)
})
