import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isJsonType, mediaTypeEssence } from './media-type.ts'

test('mediaTypeEssence leaves parameters, spaces and capitals out', () => {
  assert.equal(mediaTypeEssence(' Text/HTML ;charset=utf-8'), 'text/html')
  assert.equal(mediaTypeEssence(''), '')
})

test('isJsonType takes application/json and types with the suffix +json, but not a list of types', () => {
  for (const type of [
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/problem+json',
    'application/vnd.a.b+json;v=1',
  ])
    assert.equal(isJsonType(type), true, type)
  for (const type of [
    '',
    'text/json',
    'application/jsonp',
    'application/json, text/plain',
    'text/plain, application/json',
    'application/x-www-form-urlencoded',
  ])
    assert.equal(isJsonType(type), false, type)
})
