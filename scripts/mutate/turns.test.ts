import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTurns } from './turns.ts'

test('inTurns runs the likeliest alone, and then those together that may share a process', () => {
  const names = Array.from({ length: 17 }, (_, index) => `src/lib/app/t${index}.test.ts`)
  const all = names.toSpliced(4, 0, 'test/journey.test.ts')
  const turns = [...inTurns(all.map(test => ({ test, milliseconds: 1_000 })))]
  assert.deepEqual(
    turns.map(({ tests }) => tests),
    [[names[0]], [names[1]], ['test/journey.test.ts'], names.slice(2, 14), names.slice(14)],
  )
  assert.deepEqual(
    turns.map(({ usualMs }) => usualMs),
    [1_000, 1_000, 1_000, 3_200, 1_400],
  )
})
