import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterQuietPass } from './quiet-pass.ts'

const pass = () => new Promise(setImmediate)

/** Counts up in each pass until `last`, and gives what was counted when `afterQuietPass` called. */
async function countedWhenCalled(last: number, mayWait: (count: number) => boolean): Promise<number> {
  let count = 0
  const called = new Promise<number>(resolve =>
    afterQuietPass(
      () => count,
      () => mayWait(count),
      () => resolve(count),
    ),
  )
  while (count < last) {
    count++
    await pass()
  }
  return called
}

test('afterQuietPass calls when a pass brought nothing more', async () => {
  assert.equal(await countedWhenCalled(0, () => true), 0)
  assert.equal(await countedWhenCalled(20, () => true), 20)
})

test('afterQuietPass calls when it may not wait, whatever comes', async () => {
  assert.equal(await countedWhenCalled(20, count => count < 5), 5)
})

test('afterQuietPass takes what was there before for nothing new', async () => {
  const order: string[] = []
  await new Promise<void>(resolve => {
    afterQuietPass(
      () => 7,
      () => true,
      () => {
        order.push('called')
        resolve()
      },
    )
    order.push('asked')
  })
  assert.deepEqual(order, ['asked', 'called'])
})
