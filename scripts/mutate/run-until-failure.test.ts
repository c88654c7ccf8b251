import assert from 'node:assert/strict'
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runUntilFailure } from './run-until-failure.ts'

test('runUntilFailure ends with the first test that fails, whatever comes after it', { timeout: 30_000 }, async () => {
  using directory = mkdtempDisposableSync(join(tmpdir(), 'ringback-run-test-'))
  const write = (name: string, body: string) =>
    writeFileSync(join(directory.path, name), `import { test } from 'node:test'\n${body}`)
  // This process is itself a test that another one listens to.
  const environment = { NODE_TEST_CONTEXT: undefined }
  const run = (...names: string[]) => runUntilFailure(directory.path, names, { limitMs: 60_000, environment })
  const endless = "test('b', () => new Promise(() => setInterval(() => {}, 1_000)))"
  write('good.test.mjs', "test('a', () => {})")
  write('bad.test.mjs', `test('a', () => { throw 1 })\n${endless}`)
  const [good, bad, both] = await Promise.all([
    run('good.test.mjs'),
    run('bad.test.mjs'),
    run('good.test.mjs', 'bad.test.mjs'),
  ])
  assert.deepEqual([good.passed, bad.passed, both.passed], [true, false, false])
  assert.equal(both.failed, 'bad.test.mjs')
})
