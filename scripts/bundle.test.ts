import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { bundle, everySource } from './bundle.ts'

/** Statements that a bundler considers free of side effects, although each throws for some `value`. */
const throwing = [
  'decodeURIComponent(value)',
  'encodeURIComponent(value)',
  'String(value)',
  'parseInt(value)',
  'String.fromCodePoint(value)',
  'isNaN(value)',
  'Math.max(value)',
  '!value.a.b',
  'value < 1',
  '[...value]',
  'new URL(value)',
  'value.a.b',
  'class Made extends value {}',
  'const read = decodeURIComponent(value)',
  'checked(value)',
  'await value',
]

test('bundle keeps every statement, even one whose only effect is to throw', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-bundle-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const functions = throwing.map(
    (statement, index) =>
      `export async function f${index}(value) { try { begin(${index}); ${statement}; end(); return true } catch { return false } }`,
  )
  mkdirSync(join(directory, 'src/lib'), { recursive: true })
  writeFileSync(join(directory, 'src/lib/checked.ts'), 'export function checked(value) { decodeURIComponent(value) }')
  writeFileSync(
    join(directory, 'src/index.ts'),
    `import { checked } from './lib/checked.ts'\n${functions.join('\n')}\n`,
  )
  await bundle(directory, join(directory, 'dist'), everySource)
  const text = readFileSync(join(directory, 'dist/index.js'), 'utf8')
  const bare = (code = '') => code.replace(/[\s;]|varMade=/g, '')
  for (const [index, statement] of throwing.entries()) {
    const kept = new RegExp(`begin\\(${index}\\);([^]*?)end\\(\\)`).exec(text)?.[1]
    assert.equal(bare(kept), bare(statement))
  }
})
