import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeDeep } from './merge-deep.ts'

test('mergeDeep merges objects at every depth and replaces everything else', () => {
  const base = { tags: ['a'], responses: { 200: { description: 'OK' } }, summary: 'One' }
  const over = { tags: ['b'], responses: { 200: { 'x-cache': 1 }, 404: { description: 'Not Found' } }, summary: null }
  assert.deepEqual(mergeDeep(base, over), {
    tags: ['b'],
    responses: { 200: { description: 'OK', 'x-cache': 1 }, 404: { description: 'Not Found' } },
    summary: null,
  })
  assert.deepEqual(base.tags, ['a'])
})
