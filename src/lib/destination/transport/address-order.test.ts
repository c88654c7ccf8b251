import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../manual-clock.ts'
import { AddressOrder } from './address-order.ts'

const v4 = ['192.0.2.1', '192.0.2.2', '192.0.2.3'] as const
const v6 = ['2001:db8::1', '2001:db8::2', '2001:db8::3'] as const

test('AddressOrder takes the families in turn, beginning with that of the first', () => {
  const order = new AddressOrder(new ManualClock())
  assert.deepEqual(order.of([v6[0], v6[1], v4[0], v4[1]]), [v6[0], v4[0], v6[1], v4[1]])
  assert.deepEqual(order.of([v4[0], v6[0], v6[1], v6[2]]), [v4[0], v6[0], v6[1], v6[2]])
  assert.deepEqual(order.of([v4[0], v4[1], v4[2], v6[0]]), [v4[0], v6[0], v4[1], v4[2]])
  assert.deepEqual(order.of([v6[0], v4[0], v4[1]]), [v6[0], v4[0], v4[1]])
  for (const few of [[], [v4[0]], [v6[0]]]) assert.deepEqual(order.of(few), few)
})

test('AddressOrder puts the addresses that failed behind the others for a minute, or until they take a connection', () => {
  const clock = new ManualClock()
  const order = new AddressOrder(clock)
  order.avoid(v4[0])
  order.avoid(v6[0])
  assert.deepEqual(order.of([v6[0], v4[0], v4[1]]), [v4[1], v6[0], v4[0]])
  order.forgive(v4[0])
  assert.deepEqual(order.of([v6[0], v4[0], v4[1]]), [v4[0], v4[1], v6[0]])
  clock.advance({ seconds: 59.999 })
  assert.deepEqual(order.of([v6[0], v4[0], v4[1]]), [v4[0], v4[1], v6[0]])
  clock.advance({ ms: 1 })
  assert.deepEqual(order.of([v6[0], v4[0], v4[1]]), [v6[0], v4[0], v4[1]])
})
