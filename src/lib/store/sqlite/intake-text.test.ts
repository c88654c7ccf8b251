import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewDelivery } from '../../delivery/stored-delivery.ts'
import { newDelivery, startMs as now } from '../conformance/rows.ts'
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

/** Different values of each part that deliveries of a kind have in common. */
const kindParts = {
  operation: ['createInvoice', 'payInvoice'],
  callback: ['invoiceNotification', 'paid'],
  method: ['POST', 'PUT'],
  responses: [undefined, '{"200":{}}', '{"201":{}}'],
  retryDelaysSeconds: [
    [0, 5],
    [0, 5, 300],
    [0, 6],
  ],
  timeoutMs: [15_000, 15_001],
  retryOnInvalidResponse: [false, true],
  hasOnResponse: [false, true],
} as const satisfies Partial<{ [Part in keyof NewDelivery]: readonly NewDelivery[Part][] }>
const parts = Object.keys(kindParts) as (keyof typeof kindParts)[]

const readBack = (rows: readonly NewDelivery[]) =>
  parseDeliveries(deliveriesText([{ rows, now }])).map(({ row }) => row)
const kindsOf = (rows: readonly NewDelivery[]) => rows.map(row => parts.map(part => row[part]))

for (const part of parts)
  test(`parseDeliveries gives deliveries that differ in "${part}" only each their own`, () => {
    const rows = [0, 1, 0, -1, 0].map((place, index) => newDelivery(`d${index}`, { [part]: kindParts[part].at(place) }))
    assert.deepEqual(kindsOf(readBack(rows)), kindsOf(rows))
  })
