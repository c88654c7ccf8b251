import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withTree } from '../temporary-tree.ts'
import { CandidateTests } from './candidate-tests.ts'

test('CandidateTests gives the own test first, then those that reach the file, the nearer first, then the journeys', () => {
  const files = {
    'src/lib/a/b/one.ts': '',
    'src/lib/a/two.ts': "import './b/one.ts'",
    'src/lib/a/b/one.test.ts': "import './one.ts'",
    'src/lib/a/b/also.test.ts': "import './one.ts'",
    'src/lib/a/two.test.ts': "import './two.ts'",
    'src/lib/c/far.test.ts': "new Worker(new URL('../a/two.ts', import.meta.url))",
    'src/lib/c/other.test.ts': "import './nothing.ts'",
    'test/journey.test.ts': "import 'ringback'",
  }
  const patterns = ['src/**/*.test.ts', 'test/*.test.ts']
  assert.deepEqual(
    withTree(files, directory => new CandidateTests(directory, patterns).of('src/lib/a/b/one.ts')),
    [
      'src/lib/a/b/one.test.ts',
      'src/lib/a/b/also.test.ts',
      'src/lib/a/two.test.ts',
      'src/lib/c/far.test.ts',
      'test/journey.test.ts',
    ],
  )
})
