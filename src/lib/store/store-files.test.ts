import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { claimIds, claimOne, newDelivery, startMs } from './conformance/rows.ts'
import { applicationId } from './files/database-owner.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

const now = startMs
const windows = process.platform === 'win32'

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** A store that was used and closed, with one delivery. */
async function usedStore(path: string): Promise<void> {
  const store = sqliteStore({ path })
  await store.add({ rows: [newDelivery('a')], now })
  await store.counts()
  await store.close()
}

/** Every file of a folder with a hash of its bytes. */
const contentOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map(name => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  )

async function assertRefused(path: string, message: RegExp): Promise<void> {
  const store = sqliteStore({ path, log: new RecordingLog() })
  await assert.rejects(store.useKeys({ ids: ['k'], adopt: false }), {
    code: 'ERR_STORE_UNAVAILABLE',
    message,
    lasting: true,
  })
  await assert.rejects(store.add({ rows: [newDelivery('b')], now }), { code: 'ERR_STORE_UNAVAILABLE', message })
  await store.close()
}

for (const [what, journal, sql] of [
  ['tables', 'delete', 'create table customer (name text)'],
  ['tables in WAL mode', 'wal', 'create table customer (name text)'],
  ['a view only', 'truncate', 'create view v as select 1'],
  ['a mark of its own and no tables', 'delete', 'pragma application_id = 1196444487'],
] as const)
  test(`the database of another application, with ${what}, is refused and stays as it is`, async t => {
    const folder = temporaryFolder(t)
    const path = join(folder, 'other.sqlite')
    const other = new DatabaseSync(path)
    other.exec(`pragma journal_mode = ${journal}; ${sql}`)
    other.close()
    const before = contentOf(folder)
    await assertRefused(path, /other\.sqlite" is the database of another application/)
    assert.deepEqual(contentOf(folder), before)
  })

test('the database of another application is refused while that uses it, or has crashed, and its log stays', async t => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'other.sqlite')
  using other = new DatabaseSync(path)
  other.exec('pragma journal_mode = wal; create table customer (name text)')
  await assertRefused(path, /another application/)
  for (const part of ['', '-wal']) writeFileSync(join(folder, `crashed${part}`), readFileSync(`${path}${part}`))
  const log = readFileSync(join(folder, 'crashed-wal'))
  await assertRefused(join(folder, 'crashed'), /another application/)
  assert.deepEqual(readFileSync(join(folder, 'crashed-wal')), log)
})

test('a database of ours is marked; one that is shared keeps the mark of its owner', async t => {
  const folder = temporaryFolder(t)
  await usedStore(join(folder, 'ours'))
  const markOf = (name: string) => {
    using database = new DatabaseSync(join(folder, name))
    return database.prepare('pragma application_id').get()?.['application_id']
  }
  assert.equal(markOf('ours'), applicationId)
  const shared = new DatabaseSync(join(folder, 'shared'))
  shared.exec('create table invoice (id text); pragma application_id = 77')
  await sqliteStore({ database: shared }).add({ rows: [newDelivery('a')], now })
  shared.close()
  const store = sqliteStore({ path: join(folder, 'shared') })
  assert.equal((await store.get('a'))?.id, 'a')
  await store.close()
  assert.equal(markOf('shared'), 77)
})

test('an empty file that nothing stands beside is taken as new', async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  writeFileSync(path, '')
  await usedStore(path)
})

for (const [beside, content] of [
  ['d.sqlite-wal', 'a log'],
  ['d.sqlite-wal', ''],
  ['d.sqlite-reserve', ''],
  ['master-secret', 'a secret of my own, long enough\n'],
  ['.gitignore', '*\n'],
] as const)
  test(`a database that was cut to nothing beside ${beside} (${content.length} bytes) is refused`, async t => {
    const folder = temporaryFolder(t)
    const path = join(folder, 'd.sqlite')
    await usedStore(path)
    truncateSync(path)
    for (const part of ['-wal', '-shm', '-reserve']) rmSync(`${path}${part}`, { force: true })
    writeFileSync(join(folder, beside), content)
    const before = contentOf(folder)
    await assertRefused(
      path,
      new RegExp(`d\\.sqlite" is empty, although "[^"]+${beside}" shows that it was in use; restore it`),
    )
    assert.deepEqual(contentOf(folder), before)
  })

test('a database that was cut through a link is refused by what stands beside the file itself', async t => {
  const [here, there] = [temporaryFolder(t), temporaryFolder(t)]
  symlinkSync(join(there, 'd.sqlite'), join(here, 'link'))
  writeFileSync(join(there, 'd.sqlite'), '')
  writeFileSync(join(there, 'd.sqlite-wal'), 'a log')
  await assertRefused(join(here, 'link'), /is empty/)
  rmSync(join(there, 'd.sqlite-wal'))
  rmSync(join(there, 'd.sqlite'))
  await usedStore(join(here, 'link'))
  assert.ok(existsSync(join(there, 'd.sqlite')))
})

test('a .gitignore of somebody else says nothing of a database', async t => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n')
  writeFileSync(join(folder, 'd.sqlite'), '')
  await usedStore(join(folder, 'd.sqlite'))
})

test('a database that is gone beside its log is refused, and read again when it is back', async t => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'd.sqlite')
  using held = new DatabaseSync(path)
  await usedStore(path)
  held.exec("pragma journal_mode = wal; update ringback_key set id = ''; create table ringback_more (a)")
  for (const part of ['', '-wal']) writeFileSync(join(folder, `copy${part}`), readFileSync(`${path}${part}`))
  renameSync(join(folder, 'copy'), join(folder, 'away'))
  await assertRefused(join(folder, 'copy'), /copy" is missing, although "[^"]+copy-wal" shows that it was in use/)
  renameSync(join(folder, 'away'), join(folder, 'copy'))
  const store = sqliteStore({ path: join(folder, 'copy') })
  assert.equal((await store.get('a'))?.id, 'a')
  await store.close()
})

for (const [what, spoil] of [
  ['a database that others can write', (path: string) => chmodSync(path, 0o646)],
  [
    'a log that others can write',
    (path: string) => {
      writeFileSync(`${path}-wal`, '')
      chmodSync(`${path}-wal`, 0o602)
    },
  ],
  ['a reserve that others can write', (path: string) => chmodSync(`${path}-reserve`, 0o666)],
] as const)
  test(`${what} is refused with the command that mends it`, { skip: windows }, async t => {
    const path = join(temporaryFolder(t), 'd.sqlite')
    await usedStore(path)
    spoil(path)
    const store = sqliteStore({ path })
    const error = await store.counts().catch((error: Error) => error)
    assert.match(String(error), /others could change the delivery store: .* fix it with: chmod go-w/)
    execFileSync('sh', ['-c', String(error).split('fix it with: ')[1] ?? 'false'])
    assert.equal((await store.counts()).scheduled, 1)
    await store.close()
  })

test('a folder that others can write is warned of, once', { skip: windows }, async t => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'store', 'd.sqlite')
  mkdirSync(join(folder, 'store'))
  chmodSync(join(folder, 'store'), 0o777)
  const log = new RecordingLog()
  const store = sqliteStore({ path, log })
  await store.counts()
  rmSync(`${path}-wal`)
  await store.counts()
  await store.counts()
  await store.close()
  const warnings = log.messages.filter(({ text }) => text.startsWith('Others could replace the delivery store'))
  assert.equal(warnings.length, 1)
  assert.match(warnings[0]?.text ?? '', /fix it with: chmod go-w '[^']+store'$/)
})

test('a process whose code is older than the tables stops at once, and goes on where they are as before', async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  const store = sqliteStore({ path })
  await store.add({ rows: [newDelivery('a'), newDelivery('b', { host: 'b.example' })], now })
  await claimOne(store, now)
  using newer = new DatabaseSync(path)
  newer.exec('update ringback_schema set version = version + 1; create table ringback_later (a)')
  const refused = {
    code: 'ERR_STORE_UNAVAILABLE',
    message: /tables have version \d+ and this release knows version \d+/,
    lasting: true,
  }
  await assert.rejects(store.add({ rows: [newDelivery('c')], now }), refused)
  await assert.rejects(claimIds(store, now), refused)
  await assert.rejects(store.counts(), refused)
  newer.exec('update ringback_schema set version = version - 1')
  assert.equal((await claimIds(store, now)).length, 1)
  assert.equal(await store.get('c'), undefined)
  await store.close()
})

test('a store on a connection of the user stops as well, in his transactions, too', async () => {
  const database = new DatabaseSync(':memory:')
  const store = sqliteStore({ database })
  database.exec('update ringback_schema set version = 1000; create table own (id text)')
  const refused = { code: 'ERR_STORE_UNAVAILABLE', message: /version 1000/ }
  await assert.rejects(store.add({ rows: [newDelivery('a')], now }), refused)
  database.exec("begin; insert into own values ('1')")
  await assert.rejects(store.add({ rows: [newDelivery('a')], now, transaction: database }), refused)
  database.exec('commit')
  assert.equal(database.prepare('select count(*) as count from own').get()?.['count'], 1)
})
