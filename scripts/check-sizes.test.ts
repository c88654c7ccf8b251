import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sizeBreaches } from './check-sizes.ts'
import { withTree } from './temporary-tree.ts'

/** A function of this many lines. */
function functionOf(lines: number): string {
  return `/** Not counted. */\nexport function long() {\n${'void 0\n'.repeat(lines - 2)}}\n`
}

test('sizeBreaches leaves files and functions in peace up to their limits', () => {
  const files = {
    'src/lib/a.ts': functionOf(50),
    'src/lib/b.ts': 'void 0\n'.repeat(300),
    'src/lib/c.test.ts': 'void 0\n'.repeat(600),
  }
  assert.deepEqual(withTree(files, sizeBreaches), { warned: [], refused: [] })
})

test('sizeBreaches warns above the first limit and refuses above the second', () => {
  const place = (file: string, line: number, text: string) => ({ file, line, text })
  const files = {
    'src/lib/a.ts': functionOf(51),
    'src/lib/b.ts': functionOf(101),
    'src/lib/c.ts': 'void 0\n'.repeat(301),
    'src/lib/d.ts': 'void 0\n'.repeat(501),
    'src/lib/e.ts': `class Long {\n  #method = () => {\n${'void 0\n'.repeat(50)}}\n}\nvoid Long\n`,
  }
  const { warned, refused } = withTree(files, sizeBreaches)
  assert.deepEqual(warned, [
    place('src/lib/a.ts', 2, 'a function of 51 lines'),
    place('src/lib/c.ts', 1, 'a file of 301 lines'),
    place('src/lib/e.ts', 2, 'a function of 52 lines'),
  ])
  assert.deepEqual(refused, [
    place('src/lib/b.ts', 2, 'a function of 101 lines'),
    place('src/lib/d.ts', 1, 'a file of 501 lines'),
  ])
})
