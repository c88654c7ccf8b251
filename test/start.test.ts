import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The files of the package that an application loads. */
const FILES = ['base', 'sqlite', 'signature', 'expression', 'message', 'destination', 'delivery', 'app', 'node']
  .map(name => `lib/${name}.js`)
  .concat('index.js', 'node.js')
  .toSorted()

const PROGRAM = fileURLToPath(new URL('./programs/loaded-modules.ts', import.meta.url))

const BARE = fileURLToPath(new URL('./programs/bare-runtime.ts', import.meta.url))

/** What the program has loaded when it has responded. */
async function loaded(t: TestContext, environment: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-start-'))
  t.after(() => rm(folder, { recursive: true }))
  const env = { ...process.env, RINGBACK_STORE: join(folder, 'deliveries.sqlite'), ...environment }
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM], { env })
  const { response, urls, builtin } = JSON.parse(stdout) as { response: string; urls: string[]; builtin: string[] }
  const packages = new Set(urls.map(url => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]))
  const ofHono = urls.flatMap(url => /\/node_modules\/hono\/dist\/(.+)$/.exec(url)?.[1] ?? [])
  const own = urls.flatMap(url => /^(?!.*\/node_modules\/).*\/dist\/(.+)$/.exec(url)?.[1] ?? []).toSorted()
  return { response, packages, ofHono: ofHono.toSorted(), own, builtin }
}

test('serve responds to its first request without loading fetch, undici, ws, Ajv, busboy, YAML or Hono but its cookies', async t => {
  const { response, packages, ofHono, own, builtin } = await loaded(t)
  assert.match(response, /^HTTP\/1\.1 200 OK\r\n.*\{"id":"2expen51ve"\}$/s)
  assert.ok(builtin.includes('NativeModule internal/modules/esm/loader'))
  assert.deepEqual(
    builtin.filter(name => name.includes('undici')),
    [],
  )
  assert.deepEqual(packages, new Set(['zod', 'hono', undefined]))
  assert.deepEqual(ofHono, ['utils/cookie.js', 'utils/url.js'])
  assert.deepEqual(own, FILES)
})

test('ringback responds where there is no SQLite, no import.meta.url and no require', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [BARE])
  assert.equal(stdout, '200 "bare" a=b; Path=/; HttpOnly; SameSite=Lax 200\n')
})

test('The parser of forms is loaded with the first form that may hold files', async t => {
  const { response, packages, own } = await loaded(t, { FORM: '1' })
  assert.match(response, /^HTTP\/1\.1 200 OK\r\n.*\{"id":"7"\}$/s)
  assert.ok(packages.has('@fastify/busboy'))
  assert.deepEqual(
    own.filter(name => !FILES.includes(name)),
    ['lib/read-multipart.js', 'lib/spool.js'],
  )
})

test('What upgrades WebSockets is loaded where there is one', async t => {
  const { response, packages, own } = await loaded(t, { SOCKETS: '1' })
  assert.match(response, /^HTTP\/1\.1 200 OK\r\n/)
  assert.ok(packages.has('ws'))
  assert.deepEqual(
    own.filter(name => !FILES.includes(name)),
    ['lib/upgrade-listener.js'],
  )
})
