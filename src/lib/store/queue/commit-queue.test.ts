import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommitQueue } from './commit-queue.ts'
import type { OperationAnswer, QueuedOperation } from './queued-operation.ts'

const unknown = { code: 'ERR_STORE_OUTCOME_UNKNOWN' }
const unavailable = { code: 'ERR_STORE_UNAVAILABLE' }

/** A queue whose first batch is answered when the test says so, and every other one at once. */
function setUp({ waitMs = 20, operations = 100, batch = 100 } = {}) {
  const batches: (readonly QueuedOperation[])[] = []
  const { promise: released, resolve: goOn } = Promise.withResolvers<void>()
  const commit = async (batch: readonly QueuedOperation[]): Promise<OperationAnswer[]> => {
    batches.push(batch)
    if (batches.length === 1) await released
    return batch.map(({ request }) => ({ value: request }))
  }
  const undoLate = ({ name }: QueuedOperation, value: unknown) =>
    name === 'claim' ? { name: 'release' as const, request: value } : undefined
  const queue = new CommitQueue(commit, { operations, waitMs, batch }, undoLate)
  const asked = () => batches.map(batch => batch.map(({ name, request }) => `${name} ${request}`))
  return { queue, goOn, asked }
}

test('what was begun and is not answered is of unknown outcome, and what waits behind it is refused', async () => {
  const { queue, goOn, asked } = setUp({ batch: 2 })
  const adds = [1, 2, 3, 4, 5].map(request => queue.add('add', request))
  const codes = (await Promise.allSettled(adds)).map(add => add.status === 'rejected' && add.reason.code)
  assert.deepEqual(codes, [...Array(2).fill(unknown.code), ...Array(3).fill(unavailable.code)])
  await assert.rejects(queue.add('add', 6), unavailable)
  goOn()
  await queue.drained()
  assert.equal(await queue.add('add', 7), 7)
  assert.deepEqual(asked(), [['add 1', 'add 2'], ['add 7']])
})

test('a claim that is answered too late is undone, and nothing else', async () => {
  const { queue, goOn, asked } = setUp()
  const late = ['claim', 'add', 'counts'] as const
  await Promise.allSettled(late.map(name => queue.add(name, 1)))
  goOn()
  await queue.drained()
  assert.deepEqual(asked(), [['claim 1', 'add 1', 'counts 1'], ['release 1']])
})

test('abandon ends all waiting at once, and drained waits for what was begun', async () => {
  const { queue, goOn, asked } = setUp({ waitMs: 3_600_000, batch: 1 })
  const begun = assert.rejects(queue.add('add', 1), unknown)
  const waiting = assert.rejects(queue.add('add', 2), unavailable)
  while (asked().length === 0) await new Promise(resolve => setImmediate(resolve))
  queue.abandon('it was closed')
  await Promise.all([begun, waiting])
  goOn()
  await queue.drained()
  assert.deepEqual(asked(), [['add 1']])
})

test('abandon before anything was begun leaves nothing to begin', async () => {
  const { queue, asked } = setUp()
  const waiting = assert.rejects(queue.add('add', 1), unavailable)
  queue.abandon('it was closed')
  await Promise.all([waiting, queue.drained()])
  assert.deepEqual(asked(), [])
})

test('no more wait than the limit says while a batch is not answered', async () => {
  const { queue, goOn, asked } = setUp({ operations: 3, batch: 1, waitMs: 3_600_000 })
  const first = queue.add('add', 0)
  while (asked().length === 0) await new Promise(resolve => setImmediate(resolve))
  const adds = [1, 2, 3, 4, 5].map(request => queue.add('add', request))
  for (const add of adds.slice(3)) await assert.rejects(add, unavailable)
  goOn()
  assert.deepEqual(await Promise.all([first, ...adds.slice(0, 3)]), [0, 1, 2, 3])
})
