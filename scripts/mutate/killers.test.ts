import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Killers } from './killers.ts'

test('Killers puts those first that saw the most changes of the same file, and leaves the others in their order', () => {
  const killers = new Killers()
  killers.add('a.ts', 'far.test.ts')
  killers.add('a.ts', 'farther.test.ts')
  killers.add('a.ts', 'farther.test.ts')
  killers.add('b.ts', 'near.test.ts')
  const tests = ['near.test.ts', 'also.test.ts', 'far.test.ts', 'farther.test.ts']
  const first = (file: string) =>
    killers
      .first(
        file,
        tests.map(test => ({ test })),
      )
      .map(({ test }) => test)
  assert.deepEqual(first('a.ts'), ['farther.test.ts', 'far.test.ts', 'near.test.ts', 'also.test.ts'])
  assert.deepEqual(first('c.ts'), tests)
})
