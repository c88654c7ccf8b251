import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** What the package shares: neither application nor stores, guard or HTTP client. */
const FILES = ['base', 'claim-lost-error', 'expression', 'message', 'receiver-document', 'signature'].map(
  name => `lib/${name}.js`,
)
const program = fileURLToPath(new URL('../programs/receiver-modules.ts', import.meta.url))

test('ringback/receiver loads nothing but Node and what it needs of the package', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program])
  const { loaded, status } = JSON.parse(stdout) as { loaded: string[]; status: number }
  assert.equal(status, 204)
  const outside = loaded.filter(url => !url.startsWith('node:') && !url.includes('/dist/') && !url.includes('/test/'))
  assert.deepEqual(outside, [])
  const own = loaded.flatMap(url => /\/dist\/(.+)$/.exec(url)?.[1] ?? []).toSorted()
  assert.deepEqual(own, [...FILES, 'receiver.js', 'signature.js'])
  assert.deepEqual(
    loaded.filter(url => /^node:(?:sqlite|worker_threads|net|dns)$/.test(url)),
    [],
  )
})
