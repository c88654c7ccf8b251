import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../manual-clock.ts'
import { destinationHash } from '../../signature/destination-hash.ts'
import { createIdMaker } from '../delivery-id.ts'
import { deliveryId, webhookId } from './webhook-id.ts'

test('deliveryId finds the id in what stands on the wire', () => {
  const makeId = createIdMaker(new ManualClock())
  for (let index = 0; index < 200; index++) {
    const id = makeId()
    const hash = destinationHash(`https://${index}.example/hooks`)
    assert.equal(deliveryId(webhookId({ id, destinationHash: hash })), id)
    assert.equal(deliveryId(id), id)
  }
  const id = makeId()
  for (const suffix of ['________________', '----------------', 'N3FKGVwbdXevQs-Z']) {
    assert.equal(deliveryId(`${id}_${suffix}`), id)
    assert.equal(deliveryId(`${id}_${suffix}x`), `${id}_${suffix}x`)
    assert.equal(deliveryId(`${id}${suffix}`), `${id}${suffix}`)
  }
})

test('deliveryId leaves ids that a program made itself', () => {
  for (const id of [
    'order-17',
    'msg_1',
    'msg_1_HI9jg8m1QEXokm12',
    '',
    ' msg_',
    'evt_0mi8dq1wc8z4k2x7v9b5n3q6t_HI9jg8m1QEXokm12',
  ])
    assert.equal(deliveryId(id), id)
})
