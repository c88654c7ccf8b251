import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from './root.ts'
import { runTool } from './run-tool.ts'
import { withTree } from './temporary-tree.ts'

const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
// The tree belongs to no repository.
const biomeJson = JSON.stringify({ ...config, $schema: undefined, vcs: { enabled: false } })

/** What the house's own rules, by `biome.json`, say of a tree made of these files: `file rule`. */
function refusals(files: Record<string, string>): string[] {
  const { output } = withTree({ 'biome.json': biomeJson, ...files }, directory =>
    runTool(
      'biome',
      ['lint', '--reporter=github', '--diagnostic-level=error', '--max-diagnostics=none', '.'],
      directory,
    ),
  )
  return [...output.matchAll(/^::error title=lint\/\w+\/(\w+),file=.*?\/(src\/[^,]+)/gm)]
    .map(([, rule, file]) => `${file} ${rule}`)
    .toSorted()
}

const exportFile = "export { a } from './lib/a.ts'\n"
const lines = (count: number) => 'void 0\n'.repeat(count)
const functionOf = (count: number) => `export function long() {\n${lines(count)}}\n`

test('Biome finds nothing where the rules are kept', () => {
  const files = {
    'src/errors.ts': exportFile,
    'src/lib/a.ts': 'export const a = (one: 1, two: 2, three: 3, four: 4) => [one, two, three, four]\n',
    'src/lib/b.ts': functionOf(60),
    'src/lib/c.ts': lines(400),
    'src/lib/d.test.ts': functionOf(500),
    'src/lib/e.ts': "import type { A } from './f.ts'\nexport type B = A\n",
    'src/lib/f.ts': 'export type A = 1\n',
  }
  assert.deepEqual(refusals(files), [])
})

test('Biome refuses a cycle, of types too', () => {
  const files = {
    'src/lib/one.ts': "import type { Two } from './two.ts'\nexport type One = Two\n",
    'src/lib/two.ts': "import type { Three } from './three.ts'\nexport type Two = Three\n",
    'src/lib/three.ts': "import type { One } from './one.ts'\nexport type Three = 3 | One\n",
    'src/lib/lazy.ts': "export const lazy = () => import('./later.ts')\n",
    'src/lib/later.ts': "import { lazy } from './lazy.ts'\nexport const later = lazy\n",
  }
  assert.deepEqual(
    refusals(files),
    ['later', 'lazy', 'one', 'three', 'two'].map(name => `src/lib/${name}.ts noImportCycles`),
  )
})

test('Biome refuses barrels, and an import without its ending', () => {
  const files = {
    'src/errors.ts': "export * from './lib/a.ts'\n",
    'src/lib/a.ts': 'export const a = 1\n',
    'src/lib/b.ts': "import { a } from './a.js'\nimport { a as again } from './a'\nexport const b = [a, again]\n",
    'src/lib/app/index.ts': "export { a } from '../a.ts'\n",
  }
  assert.deepEqual(refusals(files), [
    'src/errors.ts noReExportAll',
    'src/lib/app/index.ts noBarrelFile',
    'src/lib/b.ts useImportExtensions',
    'src/lib/b.ts useImportExtensions',
  ])
})

test('Biome refuses long files, long functions, and a fifth parameter', () => {
  const files = {
    'src/lib/a.ts': functionOf(61),
    'src/lib/b.ts': lines(401),
    'src/lib/c.ts': `class Long {\n  method = () => {\n${lines(61)}}\n}\nvoid Long\n`,
    'src/lib/d.ts': 'export const d = (a: 1, b: 2, c: 3, e: 4, ...more: 5[]) => [a, b, c, e, more]\n',
  }
  assert.deepEqual(refusals(files), [
    'src/lib/a.ts noExcessiveLinesPerFunction',
    'src/lib/b.ts noExcessiveLinesPerFile',
    'src/lib/c.ts noExcessiveLinesPerFunction',
    'src/lib/d.ts useMaxParams',
  ])
})
