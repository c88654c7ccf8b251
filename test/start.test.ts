import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PROGRAM = fileURLToPath(new URL('./programs/loaded-modules.ts', import.meta.url))

test('serve responds to its first request without loading fetch, Hono, undici, Ajv or YAML', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-start-'))
  t.after(() => rm(folder, { recursive: true }))
  const env = { ...process.env, RINGBACK_STORE: join(folder, 'deliveries.sqlite') }
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM], { env })
  const { response, urls, builtin } = JSON.parse(stdout) as { response: string; urls: string[]; builtin: string[] }

  assert.match(response, /^HTTP\/1\.1 200 OK\r\n.*\{"id":"2expen51ve"\}$/s)
  assert.ok(builtin.includes('NativeModule internal/modules/esm/loader'))
  assert.deepEqual(
    builtin.filter(name => name.includes('undici')),
    [],
  )
  const packages = urls.map(url => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1])
  assert.deepEqual(new Set(packages), new Set(['zod', undefined]))
  assert.deepEqual(
    urls.flatMap(url => /\/dist\/(.+)$/.exec(url)?.[1] ?? []).toSorted(),
    ['base', 'sqlite', 'signature', 'expression', 'destination', 'delivery', 'app', 'node', 'rolldown-runtime']
      .map(name => `lib/${name}.js`)
      .concat('index.js', 'node.js')
      .toSorted(),
  )
})
