import assert from 'node:assert/strict'
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runTest } from './run-test.ts'

test('runTest ends with the first test that fails, whatever comes after it', { timeout: 30_000 }, async () => {
  using directory = mkdtempDisposableSync(join(tmpdir(), 'ringback-run-test-'))
  const run = (name: string, body: string) => {
    writeFileSync(join(directory.path, name), `import { test } from 'node:test'\n${body}`)
    // This process is itself a test that another one listens to.
    const environment = { NODE_TEST_CONTEXT: undefined }
    return runTest(directory.path, name, { limitMs: 60_000, environment })
  }
  const endless = "test('b', () => new Promise(() => setInterval(() => {}, 1_000)))"
  const [good, bad] = await Promise.all([
    run('good.test.mjs', "test('a', () => {})"),
    run('bad.test.mjs', `test('a', () => { throw 1 })\n${endless}`),
  ])
  assert.deepEqual([good.passed, bad.passed], [true, false])
})
