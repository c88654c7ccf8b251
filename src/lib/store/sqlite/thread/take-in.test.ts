import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewDelivery } from '../../../delivery/stored-delivery.ts'
import { newDelivery, startMs } from '../../conformance/rows.ts'
import type { OperationAnswer, QueuedOperation } from './batch.ts'
import { answersToTakeIn, asTakeIn } from './take-in.ts'

const deadline = startMs + 5_000

function addOf(rows: readonly NewDelivery[]): QueuedOperation {
  return { name: 'add', request: { rows, now: startMs }, deadline }
}

test('asTakeIn leaves alone what is not just storing, and what has an idempotency key', () => {
  const plain = addOf([newDelivery('a')])
  assert.equal(asTakeIn([plain, { name: 'counts', request: undefined, deadline }]), undefined)
  assert.equal(asTakeIn([plain, addOf([newDelivery('b', { idempotencyKey: 'k', digest: 'd' })])]), undefined)
  assert.equal(asTakeIn([plain, { ...plain, deadline: deadline - 1 }])?.deadline, deadline - 1)
})

test('asTakeIn leaves alone what no table takes, what is empty, and what is large on an average', () => {
  const large = newDelivery('large', { body: new Uint8Array(8_000) })
  for (const rows of [
    [newDelivery('a', { timeoutMs: 0.5 })],
    [newDelivery('a', { timeoutMs: Number.NaN })],
    [newDelivery('a'), newDelivery('b', { dueAt: 1e17 })],
    [newDelivery('a', { callback: undefined as unknown as string })],
    [],
    [large],
  ])
    assert.equal(asTakeIn([addOf(rows)]), undefined)
  assert.notEqual(asTakeIn([addOf([large, newDelivery('small')])]), undefined)
})

test('answersToTakeIn tells each its own ids, or all of them the one failure', () => {
  const batch = [addOf([newDelivery('a'), newDelivery('b')]), addOf([newDelivery('c')])]
  const added = (...ids: string[]): OperationAnswer => ({ value: { added: ids.map(id => ({ id, repeated: false })) } })
  assert.deepEqual(answersToTakeIn(batch, { value: undefined }), [added('a', 'b'), added('c')])
  const failed = { unavailable: 'the disk is full' }
  assert.deepEqual(answersToTakeIn(batch, failed), [failed, failed])
})
