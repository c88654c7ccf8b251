import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Ringback } from '../../app/ringback.ts'
import { callback } from '../../operation/callback-definition.ts'
import { defaultMasterSecret } from '../default-master-secret.ts'
import { sqliteStore } from '../sqlite/sqlite-store.ts'
import { refuseIrregular } from './refuse-irregular.ts'

const kinds: readonly [words: string, make: (path: string, t: TestContext) => unknown][] = [
  ['a FIFO', path => execFileSync('mkfifo', [path])],
  ['a directory', path => mkdirSync(path)],
  ['a device', path => symlinkSync('/dev/zero', path)],
  [
    'a socket',
    async (path, t) => {
      const server = createServer().listen(path)
      t.after(() => server.close())
      await once(server, 'listening')
    },
  ],
]

/** A folder in which there is such a thing under a name. */
async function folderWith(t: TestContext, name: string, make: (path: string, t: TestContext) => unknown) {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  await make(join(folder, name), t)
  return folder
}

/** What the start of an application says whose default store is at a path. */
async function start(t: TestContext, path: string): Promise<unknown> {
  const earlier = process.env['RINGBACK_STORE']
  t.after(() => {
    if (earlier === undefined) delete process.env['RINGBACK_STORE']
    else process.env['RINGBACK_STORE'] = earlier
  })
  process.env['RINGBACK_STORE'] = path
  const app = new Ringback({ title: 'Start', version: '1.0.0' })
  app.post('/x', { callbacks: { done: callback.post('https://a.example/', {}) } }, () => {})
  return app.start()
}

for (const [words, make] of kinds)
  test(`${words} is refused as a store and as a master secret before it is opened`, async t => {
    const refused = { code: 'ERR_STORE_UNAVAILABLE', message: new RegExp(`unavailable: "[^"]+" is ${words};`) }
    for (const name of ['d.sqlite', 'd.sqlite-wal']) {
      const path = join(await folderWith(t, name, make), 'd.sqlite')
      const store = sqliteStore({ path })
      await assert.rejects(store.counts(), refused)
      await store.close()
      await assert.rejects(start(t, path), refused)
      assert.equal(existsSync(join(path, '..', 'master-secret')), false)
    }
    const folder = await folderWith(t, 'master-secret', make)
    assert.throws(() => defaultMasterSecret(join(folder, 'master-secret')), refused)
    await assert.rejects(start(t, join(folder, 'd.sqlite')), refused)
  })

test('a file, a link to one and nothing at all are no reason to refuse', async t => {
  const folder = await folderWith(t, 'file', path => writeFileSync(path, ''))
  symlinkSync(join(folder, 'file'), join(folder, 'link'))
  for (const name of ['file', 'link', 'nothing']) refuseIrregular(join(folder, name))
})

test('a path that cannot be looked at is refused in words', async t => {
  const folder = await folderWith(t, 'loop', path => symlinkSync(path, path))
  assert.throws(() => refuseIrregular(join(folder, 'loop')), { message: /cannot be inspected \(ELOOP/ })
})
