import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareSlots } from './share-slots.ts'

function queues(lengths: Readonly<Record<string, number>>) {
  const left = new Map(Object.entries(lengths))
  const take = (name: string, slots: number) => {
    const rows = Math.min(left.get(name) ?? 0, slots)
    left.set(name, (left.get(name) ?? 0) - rows)
    return Array.from({ length: rows }, () => name)
  }
  return { names: Object.keys(lengths), take }
}

function share(slots: number, lengths: Readonly<Record<string, number>>, probed: string[] = []): string {
  const { names, take } = queues(lengths)
  return shareSlots(slots, names, name => probed.includes(name), take)
    .sort()
    .join('')
}

test('shareSlots gives each place its part, and what one leaves to the others', () => {
  assert.equal(share(8, { a: 20, b: 20 }), 'aaaabbbb')
  assert.equal(share(8, { a: 20, b: 1, c: 1 }), 'aaaaaabc')
  assert.equal(share(8, { b: 1, a: 20 }), 'aaaaaaab')
})

test('shareSlots gives no more than there are slots or rows', () => {
  assert.equal(share(2, { a: 5, b: 5, c: 5 }), 'ab')
  assert.equal(share(10, { a: 1, b: 2 }), 'abb')
  assert.equal(share(0, { a: 1 }), '')
})

test('shareSlots takes no second row of a place that takes one', () => {
  assert.equal(share(8, { a: 5, b: 2 }, ['a']), 'abb')
})
