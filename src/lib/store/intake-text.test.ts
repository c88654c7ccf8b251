import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newDelivery, startMs as now } from './conformance-rows.ts'
import { deliveriesText, parseDeliveries } from './intake-text.ts'

test('deliveriesText writes what deliveries of a kind share once, also where each has a list of delays of its own', () => {
  const rows = ['a', 'b', 'c'].map(id => newDelivery(id, { retryDelaysSeconds: [0, 17, 4_711] }))
  const text = deliveriesText([{ rows, now }])
  assert.equal(text.split('[0,17,4711]').length, 2)
  assert.deepEqual(
    parseDeliveries(text).map(({ row }) => row.retryDelaysSeconds),
    rows.map(row => row.retryDelaysSeconds),
  )
})

test('parseDeliveries gives deliveries of many kinds, which come by turns, their own', () => {
  const rows = Array.from({ length: 60 }, (_, index) => newDelivery(`d${index}`, { timeoutMs: 1_000 + (index % 20) }))
  const read = parseDeliveries(deliveriesText([{ rows, now }]))
  assert.deepEqual(
    read.map(({ row }) => [row.id, row.timeoutMs]),
    rows.map(({ id, timeoutMs }) => [id, timeoutMs]),
  )
})
