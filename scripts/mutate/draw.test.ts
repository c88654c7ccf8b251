import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draw } from './draw.ts'

const all = Array.from({ length: 100 }, (_, index) => index)

test('draw gives the same for the same seed, and others for another', () => {
  assert.deepEqual(draw(all, 'a', 20), draw(all, 'a', 20))
  assert.notDeepEqual(draw(all, 'a', 20), draw(all, 'b', 20))
})

test('draw begins the same way however many are drawn, so that a number names one of them', () => {
  assert.deepEqual(draw(all, 'a', 60).slice(0, 20), draw(all, 'a', 20))
})

test('draw gives each once, and no more than there are', () => {
  assert.deepEqual(
    draw(all, 'a', 1_000).toSorted((a, b) => a - b),
    all,
  )
})
