import assert from 'node:assert/strict'
import test from 'node:test'
import { judgeConditions, partIsWanted } from './conditions.ts'

const lastModified = new Date('2026-05-04T03:02:01.500Z')
const same = 'Mon, 04 May 2026 03:02:01 GMT'
const before = 'Mon, 04 May 2026 03:02:00 GMT'
const file = { etag: '"a,b"', lastModified }
const judged = (headers: Record<string, string>, validators: Parameters<typeof judgeConditions>[1] = file) =>
  judgeConditions(name => headers[name], validators)

test('what the client has is not sent again', () => {
  assert.equal(judged({}), 'met')
  assert.equal(judged({ 'if-none-match': '"x", W/"a,b"' }), 'notModified')
  assert.equal(judged({ 'if-none-match': '*' }), 'notModified')
  assert.equal(judged({ 'if-none-match': '"a"' }), 'met')
  assert.equal(judged({ 'if-modified-since': same }), 'notModified')
  assert.equal(judged({ 'if-modified-since': before }), 'met')
  assert.equal(judged({ 'if-modified-since': 'yesterday' }), 'met')
})

test('an entity tag counts more than a date', () => {
  assert.equal(judged({ 'if-none-match': '"other"', 'if-modified-since': same }), 'met')
  assert.equal(judged({ 'if-match': '"a,b"', 'if-unmodified-since': before }), 'met')
})

test('another version than the one asked for fails', () => {
  assert.equal(judged({ 'if-match': '"other"' }), 'failed')
  assert.equal(judged({ 'if-match': 'W/"a,b"' }), 'failed')
  assert.equal(judged({ 'if-match': '*' }), 'met')
  assert.equal(judged({ 'if-unmodified-since': before }), 'failed')
  assert.equal(judged({ 'if-unmodified-since': same }), 'met')
  assert.equal(judged({ 'if-match': 'W/"w"' }, { etag: 'W/"w"', lastModified }), 'failed')
})

test('without a date of its own, dates are ignored', () => {
  const bytes = { etag: '"a"', lastModified: undefined }
  assert.equal(judged({ 'if-modified-since': same, 'if-unmodified-since': before }, bytes), 'met')
  assert.equal(partIsWanted(same, bytes), false)
})

test('a part is sent of the version that "If-Range" names only', () => {
  assert.ok(partIsWanted(undefined, file))
  assert.ok(partIsWanted('"a,b"', file))
  assert.ok(partIsWanted(same, file))
  assert.ok(!partIsWanted('"other"', file))
  assert.ok(!partIsWanted('W/"a,b"', file))
  assert.ok(!partIsWanted(before, file))
  assert.ok(!partIsWanted('W/"w"', { etag: 'W/"w"', lastModified }))
})
