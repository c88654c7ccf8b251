import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { callback } from '../operation/callback-definition.ts'
import { generateSecret } from '../signature/generate.ts'
import { defaultLocation } from '../store/default-location.ts'
import { Ringback } from './ringback.ts'

const windows = process.platform === 'win32'
const notRoot = process.geteuid?.() !== 0 && 'only root may give files away'

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Sets environment variables for the duration of a test. */
function setVariables(t: TestContext, variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    const earlier = process.env[name]
    const set = (to: string | undefined) => {
      if (to === undefined) delete process.env[name]
      else process.env[name] = to
    }
    t.after(() => set(earlier))
    set(value)
  }
}

function appIn(t: TestContext, path: string, secret?: string) {
  setVariables(t, { RINGBACK_STORE: path, RINGBACK_MASTER_SECRET: secret })
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Start', version: '1.0.0', log, delivery: { worker: false } })
  const done = callback.post('https://a.example/', { headers: z.object({ 'x-tenant': z.string() }) })
  app.post('/done', { callbacks: { done } }, async ({ callbacks }) => {
    await callbacks.done.send(undefined, { headers: { 'x-tenant': 'acme' } })
  })
  return { app, log }
}

const post = (app: Ringback) => app.fetch(new Request('http://localhost/done', { method: 'POST' }))

/** Starts and closes an application; resolves to the warnings in the log. */
async function startOnce(t: TestContext, path: string, secret?: string): Promise<string[]> {
  const { app, log } = appIn(t, path, secret)
  await app.start()
  await app.close({ graceMs: 0 })
  return log.messages.filter(({ level }) => level === 'warn').map(({ text }) => text)
}

const unknown = { code: 'ERR_MASTER_SECRET_UNKNOWN' }

test('a lost master secret is not replaced beside a used store, and the start fails with a message', async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  await startOnce(t, path)
  const secret = readFileSync(join(path, '..', 'master-secret'), 'utf8')
  rmSync(join(path, '..', 'master-secret'))
  await assert.rejects(startOnce(t, path), {
    ...unknown,
    message: /none is given, and "[^"]+master-secret" does not exist/,
  })
  assert.equal(existsSync(join(path, '..', 'master-secret')), false)
  for (const other of [`${generateSecret()}\n`, 'another secret of my own: long enough'])
    for (const given of ['file', 'environment']) {
      if (given === 'file') writeFileSync(join(path, '..', 'master-secret'), other, { mode: 0o600 })
      await assert.rejects(startOnce(t, path, given === 'file' ? undefined : other), unknown)
    }
  writeFileSync(join(path, '..', 'master-secret'), secret, { mode: 0o600 })
  await startOnce(t, path)
  await startOnce(t, path, `${generateSecret()}, ${secret}`)
})

test('an application that is never started stores nothing with an unknown secret', async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  await startOnce(t, path, generateSecret())
  const { app, log } = appIn(t, path, generateSecret())
  for (const _ of ['once', 'twice']) assert.equal((await post(app)).status, 503)
  assert.match(String(log.messages[0]?.fields['error'] ?? log.messages[1]?.fields['error']), /other master secrets/)
  assert.equal((await app.deliveries.counts()).scheduled, 0)
  await app.close({ graceMs: 0 })
})

test('an application that is never started does not replace a lost secret', async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  await startOnce(t, path)
  rmSync(join(path, '..', 'master-secret'))
  const { app } = appIn(t, path)
  assert.equal((await post(app)).status, 503)
  assert.equal(existsSync(join(path, '..', 'master-secret')), false)
  await app.close({ graceMs: 0 })
})

for (const [what, make, message] of [
  ['a folder', path => mkdirSync(path), /is a directory/],
  ['no database', path => writeFileSync(path, 'This is a text and no database. '.repeat(50)), /is not a database/],
  ['a short text', path => writeFileSync(path, 'host\n'), /is not a database/],
  [
    'the database of another application',
    path => {
      using database = new DatabaseSync(path)
      database.exec('create table customer (name text)')
    },
    /is the database of another application/,
  ],
  [
    'a database of a newer release',
    path => {
      using database = new DatabaseSync(path)
      database.exec('create table ringback_schema (version integer); insert into ringback_schema values (99)')
    },
    /have version 99/,
  ],
  [
    'a damaged database',
    path => {
      using database = new DatabaseSync(path)
      database.exec('create table t (a)')
      truncateSync(path, 5_000)
    },
    /"/,
  ],
] as readonly (readonly [string, (path: string) => void, RegExp])[])
  for (const secret of [undefined, generateSecret()])
    test(`a start with a store that is ${what} fails and writes nothing (secret ${secret ? 'given' : 'to be made'})`, async t => {
      const folder = temporaryFolder(t)
      const path = join(folder, 'd.sqlite')
      make(path)
      await assert.rejects(startOnce(t, path, secret), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'ERR_STORE_UNAVAILABLE')
        assert.match(error.message, message)
        assert.ok(error.message.includes(`(RINGBACK_STORE is "${path}")`), error.message)
        return true
      })
      assert.deepEqual(readdirSync(folder), ['d.sqlite'])
    })

for (const [what, path] of [
  ['below a file', '/etc/hostname/d.sqlite'],
  ['in a folder that cannot be made', '/proc/ringback/d.sqlite'],
] as const)
  test(`a start with a store that is ${what} fails`, { skip: process.platform !== 'linux' }, async t => {
    for (const secret of [undefined, generateSecret()])
      await assert.rejects(startOnce(t, path, secret), {
        code: 'ERR_STORE_UNAVAILABLE',
        message: new RegExp(`RINGBACK_STORE is "${path}"`),
      })
    assert.equal(existsSync('/etc/master-secret'), false)
  })

test('"storeLimitBytes" bounds the default store: what has no room is refused', async t => {
  setVariables(t, { RINGBACK_STORE: join(temporaryFolder(t), 'd.sqlite'), RINGBACK_MASTER_SECRET: undefined })
  const delivery = { worker: false, storeLimitBytes: 1_000_000 }
  const app = new Ringback({ title: 'Full', version: '1.0.0', log: new RecordingLog(), delivery })
  const done = callback.post('https://a.example/', { body: z.string() })
  app.post('/done', { callbacks: { done } }, async ({ callbacks }) => {
    await callbacks.done.send('x'.repeat(200_000))
  })
  const statuses = new Set<number>()
  for (let sent = 0; sent < 10; sent++) statuses.add((await post(app)).status)
  await app.close()
  assert.deepEqual([...statuses], [204, 503])
})

test('a database that was cut beside its secret is refused', async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  await startOnce(t, path)
  truncateSync(path)
  await assert.rejects(startOnce(t, path), /is empty, although .* shows that it was in use/)
  await assert.rejects(startOnce(t, path, generateSecret()), /is empty, although .* shows that it was in use/)
})

for (const [what, spoil] of [
  ['a folder that everybody can write', (folder: string) => chmodSync(folder, 0o777)],
  ['a folder above that everybody can write', (folder: string) => chmodSync(join(folder, '..'), 0o707)],
  ['a secret that everybody can write', (folder: string) => chmodSync(join(folder, 'master-secret'), 0o606)],
  ['a database that everybody can write', (folder: string) => chmodSync(join(folder, 'd.sqlite'), 0o666)],
] as const)
  test(`${what} fails the start with the command that mends it`, { skip: windows }, async t => {
    const folder = join(temporaryFolder(t), 'store')
    mkdirSync(folder)
    const path = join(folder, 'd.sqlite')
    await startOnce(t, path)
    spoil(folder)
    const error = await startOnce(t, path).catch((error: Error) => error)
    const [, command = 'false'] = /fix it with: (.*) \(RINGBACK_STORE/.exec(String(error)) ?? []
    assert.match(command, /^chmod go-w/)
    execFileSync('sh', ['-c', command])
    await startOnce(t, path)
  })

test('a planted secret is not used: neither one of another owner nor one behind a link', { skip: notRoot }, async t => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'master-secret'), 'a secret that the attacker knows', { mode: 0o600 })
  chownSync(join(folder, 'master-secret'), 54_321, 54_321)
  await assert.rejects(startOnce(t, join(folder, 'd.sqlite')), /master-secret" belongs to user 54321/)
  const linked = temporaryFolder(t)
  symlinkSync(join(folder, 'master-secret'), join(linked, 'master-secret'))
  await assert.rejects(startOnce(t, join(linked, 'd.sqlite')), /master-secret" belongs to user 54321/)
  assert.deepEqual(readdirSync(linked), ['master-secret'])
})

test('a folder that others can write only causes a warning where the secret comes from elsewhere', {
  skip: windows,
}, async t => {
  const folder = temporaryFolder(t)
  chmodSync(folder, 0o777)
  const warnings = await startOnce(t, join(folder, 'd.sqlite'), generateSecret())
  assert.ok(
    warnings.some(text => /Others could replace the delivery store.*chmod go-w/.test(text)),
    warnings.join('\n'),
  )
  chmodSync(folder, 0o1777)
  const sticky = await startOnce(t, join(folder, 'e.sqlite'), generateSecret())
  assert.equal(sticky.length, 1)
})

test('a secret that others can read causes a warning', { skip: windows }, async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  await startOnce(t, path)
  chmodSync(join(path, '..', 'master-secret'), 0o644)
  const warnings = await startOnce(t, path)
  assert.ok(
    warnings.some(text => /master-secret" can be read by others.*chmod go-r/.test(text)),
    warnings.join('\n'),
  )
})

for (const content of ['', '\n', 'short'])
  test(`a secret that was cut to ${JSON.stringify(content)} is refused, and the message names its file or variable`, async t => {
    const path = join(temporaryFolder(t), 'd.sqlite')
    await assert.rejects(startOnce(t, path, content), {
      code: 'ERR_SIGNING_KEY',
      message: /RINGBACK_MASTER_SECRET is (?:empty|too short)/,
    })
    writeFileSync(join(path, '..', 'master-secret'), content, { mode: 0o600 })
    await assert.rejects(startOnce(t, path), {
      code: 'ERR_SIGNING_KEY',
      message: /^The file "[^"]+master-secret" contains no/,
    })
  })

test('a store on a temporary file system is warned of, and no other', async t => {
  for (const parent of [process.cwd(), '/dev/shm'].filter(existsSync)) {
    const folder = mkdtempSync(join(parent, '.ringback-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'd.sqlite')
    const { temporary } = defaultLocation({ entryFile: undefined, configured: path, workingDirectory: folder })
    const warnings = (await startOnce(t, path)).filter(text => text.includes('temporary file system'))
    assert.equal(warnings.length, temporary ? 1 : 0, parent)
  }
})
