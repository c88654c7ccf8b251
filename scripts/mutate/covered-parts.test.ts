import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { coveredLength, coveredParts, covers } from './covered-parts.ts'
import { runUntilFailure } from './run-until-failure.ts'

const source = `export function f(a: boolean): string {
  if (a) return "ran"
  return "slept"
}
export const g = () => "idle"
`

test('coveredParts knows what a process ran of a source with types', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-covered-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const coverage = join(directory, 'coverage')
  for (const folder of ['src/lib', 'coverage']) mkdirSync(join(directory, folder), { recursive: true })
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(directory, 'src/lib/a.ts'), source)
  writeFileSync(join(directory, 'b.ts'), "import { f } from './src/lib/a.ts'\nf(true)\n")
  const run = { limitMs: 60_000, environment: { NODE_V8_COVERAGE: coverage } }
  assert.ok((await runUntilFailure(directory, ['b.ts'], run)).passed)
  const parts = coveredParts(directory, coverage)['src/lib/a.ts'] ?? []
  const ran = ['"ran"', '"slept"', '"idle"', 'export const'].map(text => covers(parts, source.indexOf(text)))
  assert.deepEqual(ran, [true, false, false, true])
})

test('coveredLength counts the characters of all parts', () => {
  assert.equal(coveredLength([2, 5, 10, 11]), 4)
  assert.equal(coveredLength([]), 0)
})
