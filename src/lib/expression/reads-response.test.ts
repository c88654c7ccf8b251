import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseUrlTemplate } from './parse.ts'
import { knownEarly, readsResponse } from './reads-response.ts'
import { serializeUrlTemplate } from './serialize.ts'

test('readsResponse tells what has its value only once there is a response', () => {
  const reads = (text: string) => readsResponse(parseUrlTemplate(text).parts[0])
  for (const text of ['$statusCode', '$response.body#/a', '$response.header.Location'])
    assert.equal(reads(text), true, text)
  for (const text of ['$url', '$method', '$a', '$request.body#/a', '$request.header.a', 'https://x.example/'])
    assert.equal(reads(text), false, text)
  assert.equal(readsResponse(undefined), false)
})

test('knownEarly puts a base URL or a segment in place of what the response will give, and keeps the rest', () => {
  const shown = (text: string) => serializeUrlTemplate(knownEarly(parseUrlTemplate(text)))
  assert.equal(shown('{$response.body#/url}/a/{$statusCode}'), 'https://response.invalid//a/response')
  assert.equal(shown('{$request.query.a}/{$response.header.b}/{$url}'), '{$request.query.a}/response/{$url}')
})
