import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layerBreaches } from './check-layers.ts'
import { withTree } from './temporary-tree.ts'

/** The breaches of a tree made of these files, as `file:line text`. */
function breachesOf(files: Record<string, string>): string[] {
  return withTree(files, layerBreaches).map(({ file, line, text }) => `${file}:${line} ${text}`)
}

function refuses(files: Record<string, string>, ...expected: RegExp[]): void {
  const breaches = breachesOf(files)
  assert.equal(breaches.length, expected.length, breaches.join('\n'))
  for (const [index, words] of expected.entries()) assert.match(breaches[index] ?? '', words)
}

const a = 'export const a = 1\nexport type A = typeof a\n'

test('layerBreaches finds nothing where every import goes down or stays in its folder', () => {
  refuses({
    'src/lib/error.ts': "import { a } from './clock.ts'\nexport const b = a\n",
    'src/lib/clock.ts': a,
    'src/lib/schema/one.ts':
      "import { b } from '../error.ts'\nimport type { A } from './two/three.ts'\nexport const c: A = b\n",
    'src/lib/schema/two/three.ts': a,
    'src/lib/app/app.ts': "import { c } from '../schema/one.ts'\nimport fs from 'node:fs'\nexport const d = [c, fs]\n",
    'src/lib/app/app.test.ts': "import '../../index.ts'\n",
    'src/index.ts': "export { d } from './lib/app/app.ts'\nexport type { A } from './lib/clock.ts'\n",
  })
})

test('layerBreaches refuses an import of a higher rank, of types too', () => {
  const files = { 'src/lib/app/app.ts': a, 'src/lib/node/serve.ts': a }
  refuses(
    { ...files, 'src/lib/schema/one.ts': "\nimport type { A } from '../app/app.ts'\nexport type B = A\n" },
    /^src\/lib\/schema\/one\.ts:2 imports "\.\.\/app\/app\.ts", but rank \d+ imports only lower ranks/,
  )
  refuses(
    { ...files, 'src/lib/app/lazy.ts': "export const lazy = () => import('../node/serve.ts')\n" },
    /^src\/lib\/app\/lazy\.ts:1 imports .*rank \d+ imports only lower ranks/,
  )
  refuses(
    { ...files, 'src/lib/app/typed.ts': "export type Typed = import('../node/serve.ts').A\n" },
    /^src\/lib\/app\/typed\.ts:1 imports .*rank \d+ imports only lower ranks/,
  )
  refuses(
    { ...files, 'src/lib/app/again.ts': "export const b = 1\nexport { a } from '../node/serve.ts'\n" },
    /^src\/lib\/app\/again\.ts:2 imports .*rank \d+ imports only lower ranks/,
  )
})

test('layerBreaches refuses an import of another folder of the same rank', () => {
  refuses(
    { 'src/lib/store/one.ts': a, 'src/lib/openapi/two.ts': "import '../store/one.ts'\n" },
    /^src\/lib\/openapi\/two\.ts:1 imports .*rank \d+ imports only lower ranks/,
  )
})

test('layerBreaches refuses an import of an export file or of the package itself', () => {
  refuses(
    {
      'src/errors.ts': "export { a } from './lib/error.ts'\n",
      'src/lib/error.ts': a,
      'src/lib/app/app.ts': "import '../../errors.ts'\n",
    },
    /^src\/lib\/app\/app\.ts:1 imports "\.\.\/\.\.\/errors\.ts", but rank \d+ imports only lower ranks/,
  )
  refuses({ 'src/lib/app/app.ts': "import 'ringback/errors'\n" }, /imports "ringback\/errors", the package itself/)
})

test('layerBreaches refuses a file that imports itself', () => {
  refuses(
    { 'src/lib/app/self.ts': "import './self.ts'\n" },
    /^src\/lib\/app\/self\.ts:1 imports "\.\/self\.ts", .*itself/,
  )
})

test('layerBreaches refuses a folder of more than 25 sources, tests apart', () => {
  const sources = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`src/lib/app/a${index}.ts`, a]))
  refuses({ ...sources(25), 'src/lib/app/a.test.ts': a, 'src/lib/app/more/a.ts': a })
  refuses(sources(26), /^src\/lib\/app:1 holds 26 sources; at most 25/)
})

test('layerBreaches refuses an export file that does more than re-export name by name', () => {
  refuses(
    {
      'src/lib/a.ts': a,
      'src/index.ts': "export * from './lib/a.ts'\nexport const b = 1\nimport { a } from './lib/a.ts'\nexport { a }\n",
    },
    ...[1, 2, 3, 4].map(line => new RegExp(`^src/index\\.ts:${line} an export file only re-exports`)),
  )
  refuses(
    {
      'src/lib/a.ts': a,
      'src/errors.ts': "export { a } from './lib/a.ts'\n",
      'src/index.ts': "export { a } from './errors.ts'\n",
    },
    /^src\/index\.ts:1 an export file only re-exports/,
    /^src\/index\.ts:1 imports "\.\/errors\.ts", but rank \d+ imports only lower ranks/,
  )
})

test('layerBreaches refuses a folder without a rank', () => {
  refuses({ 'src/lib/magic/one.ts': a }, /^src\/lib\/magic\/one\.ts:1 stands in a folder without a rank/)
  refuses({ 'src/more/one.ts': a }, /^src\/more\/one\.ts:1 stands in a folder without a rank/)
})

test('layerBreaches refuses folders and files that are drawers', () => {
  refuses(
    { 'src/lib/app/utils.test.ts': '', 'src/lib/app/common/one.ts': a, 'test/helpers.ts': a, 'scripts/utility.ts': a },
    /^src\/lib\/app\/common:1 is named after no idea/,
    /^src\/lib\/app\/utils\.test\.ts:1 is named/,
    /^test\/helpers\.ts:1 is named/,
  )
})
