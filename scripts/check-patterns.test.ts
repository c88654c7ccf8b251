import assert from 'node:assert/strict'
import { test } from 'node:test'
import { patternBreaches } from './check-patterns.ts'
import { withTree } from './temporary-tree.ts'

test('patternBreaches accepts patterns with linear time, and ignores those of tests', () => {
  const files = {
    'src/lib/a.ts': "export const a = /^\\d+(?:\\.\\d+)?$/.test('1') && 'a/b'.replaceAll(/[/]/g, '')\n",
    'src/lib/a.test.ts': 'export const bad = /^(a+)+$/\n',
  }
  assert.deepEqual(withTree(files, patternBreaches), { breaches: [], count: 2 })
})

test('patternBreaches names the place of each pattern that takes longer', () => {
  const files = {
    'src/lib/a.ts': "export const dots = (host: string) =>\n  host.replace(/\\.+$/, '')\n",
    'src/lib/b.ts': 'export const [a, b] = [/^(a+)+$/, 1]\nexport const c = /\\s+x/iu\n',
    'src/lib/c.ts': "export const d = new RegExp('a'), e = RegExp(String(d))\n",
  }
  const { breaches, count } = withTree(files, patternBreaches)
  assert.equal(count, 5)
  assert.deepEqual(
    breaches.map(({ file, line, text }) => [file, line, text.slice(0, 35)]),
    [
      ['src/lib/a.ts', 2, 'the pattern /\\.+$/ takes 2nd degree'],
      ['src/lib/b.ts', 1, 'the pattern /^(a+)+$/ takes exponen'],
      ['src/lib/b.ts', 2, 'the pattern /\\s+x/iu takes 2nd degr'],
      ['src/lib/c.ts', 1, 'a pattern made at run time cannot b'],
      ['src/lib/c.ts', 1, 'a pattern made at run time cannot b'],
    ],
  )
})

test('patternBreaches accepts a reason above a pattern, but not an empty one', () => {
  const pattern = "export const dots = 'a'.replace(/\\.+$/, '')\n"
  const files = {
    'src/lib/a.ts': `// pattern: only ever sees "a"\n${pattern}`,
    'src/lib/b.ts': `// pattern:\n${pattern}`,
  }
  assert.deepEqual(
    withTree(files, patternBreaches).breaches.map(({ file }) => file),
    ['src/lib/b.ts'],
  )
})
