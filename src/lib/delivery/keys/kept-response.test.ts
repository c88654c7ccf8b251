import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AttemptResponse } from '../stored-delivery.ts'
import { openResponse, sealResponse } from './kept-response.ts'

const secrets = ['a master secret of this test']

function response(body: string): AttemptResponse {
  const headers = JSON.stringify({ 'x-patient': 'secret' })
  return { status: 200, headers, body: Buffer.from(body), bodyTruncated: false, address: '192.0.2.1' }
}

test('a sealed response opens to what it was, whatever its length, and shows nothing of it before', () => {
  for (const body of ['', 's', 'se', 'secret', 'secret '.repeat(1_000)]) {
    const sealed = sealResponse(response(body), secrets)
    assert.doesNotMatch(sealed.headers + Buffer.from(sealed.body).toString('latin1'), /patient|secret/)
    assert.equal(sealed.body.length > 0, body !== '')
    const opened = openResponse(sealed, secrets)
    assert.deepEqual({ ...opened, body: Buffer.from(opened.body) }, response(body))
    assert.deepEqual(openResponse({ ...sealed, body: new Uint8Array() }, secrets).body, new Uint8Array())
    if (body !== '') assert.throws(() => openResponse(sealed, ['another master secret of it']), { code: 'ERR_AT_REST' })
  }
})

test('an open response opens to itself', () => {
  assert.deepEqual(openResponse(response('x'), secrets), response('x'))
})
