import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTurns, type Turn } from './turns.ts'

test('inTurns runs the likeliest alone, and then those together that may share a process', async () => {
  const names = Array.from({ length: 17 }, (_, index) => `src/lib/app/t${index}.test.ts`)
  const tests = async function* () {
    for (const name of names.toSpliced(4, 0, 'test/journey.test.ts')) yield { test: name, milliseconds: 1_000 }
  }
  const turns: Turn[] = []
  for await (const turn of inTurns(tests())) turns.push(turn)
  assert.deepEqual(
    turns.map(({ tests }) => tests),
    [[names[0]], [names[1]], ['test/journey.test.ts'], names.slice(2, 14), names.slice(14)],
  )
  assert.deepEqual(
    turns.map(({ usualMs }) => usualMs),
    [1_000, 1_000, 1_000, 3_200, 1_400],
  )
})
