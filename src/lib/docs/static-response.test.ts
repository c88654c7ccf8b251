import assert from 'node:assert/strict'
import { test } from 'node:test'
import { staticResponse } from './static-response.ts'

const bytes = Buffer.from('body {}')

test('staticResponse reads a file once and answers with its type', async () => {
  let reads = 0
  const respond = staticResponse({
    name: 'docs.css',
    read: async () => {
      reads++
      return bytes
    },
  })
  const [first] = [await respond(undefined), await respond(undefined)]
  assert.equal(reads, 1)
  assert.equal(first.status, 200)
  assert.equal(first.body, bytes)
  assert.equal(first.headers['content-type'], 'text/css; charset=utf-8')
  assert.equal(first.headers['x-content-type-options'], 'nosniff')
  assert.equal(first.headers['content-security-policy'], undefined)
})

test('staticResponse asks for headers of its own each time', async () => {
  let asked = 0
  const respond = staticResponse({
    name: 'docs.html',
    read: async () => bytes,
    headers: () => ({ 'x-asked': `${++asked}` }),
  })
  assert.deepEqual([(await respond(undefined)).headers['x-asked'], (await respond('*')).headers['x-asked']], ['1', '2'])
})

test('staticResponse answers 304 to one who has the file', async () => {
  const respond = staticResponse({ name: 'docs.css', read: async () => bytes })
  const etag = String((await respond(undefined)).headers['etag'])
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const { status, body, headers } = await respond(known)
    assert.deepEqual([status, body, headers['etag']], [304, undefined, etag])
  }
  assert.equal((await respond('"other"')).status, 200)
})

test('staticResponse tries again after a failed read', async () => {
  let reads = 0
  const respond = staticResponse({
    name: 'docs.css',
    read: async () => {
      if (reads++ === 0) throw new Error('The disk is away')
      return bytes
    },
  })
  await assert.rejects(respond(undefined), { message: 'The disk is away' })
  assert.equal((await respond(undefined)).status, 200)
})
