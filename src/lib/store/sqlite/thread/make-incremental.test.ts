import assert from 'node:assert/strict'
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { RecordingLog } from '../../../../../test/support/recording-log.ts'
import { newDelivery, startMs as now } from '../../conformance/rows.ts'
import { sqliteStore } from '../sqlite-store.ts'
import { makeIncremental } from './make-incremental.ts'

const fixture = join(import.meta.dirname, '../migrations/version-3.sqlite')

function temporaryPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-vacuum-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'd.sqlite')
}

const modeOf = (database: DatabaseSync) => database.prepare('pragma auto_vacuum').get()?.['auto_vacuum']

/** A store of an earlier release, in which something was removed that is still legible. */
function earlierStore(t: TestContext): string {
  const path = temporaryPath(t)
  copyFileSync(fixture, path)
  chmodSync(path, 0o600)
  const database = new DatabaseSync(path)
  database.exec('create table old (text)')
  database.prepare('insert into old values (?)').run('rem0ved earlier'.repeat(5_000))
  database.exec('delete from old; drop table old')
  assert.equal(modeOf(database), 0)
  database.close()
  assert.ok(readFileSync(path, 'latin1').includes('rem0ved earlier'))
  return path
}

test('a new store can give room back', async t => {
  const path = temporaryPath(t)
  const store = sqliteStore({ path })
  await store.counts()
  using database = new DatabaseSync(path)
  assert.equal(modeOf(database), 2)
  await store.close()
})

test('a store of an earlier release can give room back after its first start, and nothing old is legible in it', async t => {
  const path = earlierStore(t)
  const log = new RecordingLog()
  const store = sqliteStore({ path, log })
  assert.equal((await store.counts()).delivered, 2)
  assert.ok(!readFileSync(path, 'latin1').includes('rem0ved earlier'))
  using database = new DatabaseSync(path)
  assert.equal(modeOf(database), 2)
  assert.equal(database.prepare('pragma journal_mode').get()?.['journal_mode'], 'wal')
  await store.close()
})

const folder = '/somewhere'
for (const [where, room, words] of [
  [
    'one disk for both',
    { beside: { folder, device: 1, freeBytes: 1_000 }, temporary: { folder: '/tmp', device: 1, freeBytes: 1_000 } },
    /: \d+ bytes of free room are needed on the disk of "\/somewhere", which lacks \d+ of them\. It works as before/,
  ],
  [
    'a small disk for temporary files',
    { beside: { folder, device: 1, freeBytes: 1e12 }, temporary: { folder: '/tmp', device: 2, freeBytes: 0 } },
    /: (\d+) bytes of free room are needed on the disk of "\/tmp", which lacks \1 of them\./,
  ],
  [
    'two small disks',
    { beside: { folder, device: 1, freeBytes: 10 }, temporary: { folder: '/tmp', device: 2, freeBytes: 10 } },
    /"\/somewhere", which lacks \d+ of them, and \d+ bytes of free room are needed on the disk of "\/tmp"/,
  ],
] as const)
  test(`makeIncremental says how much room it lacks, and leaves the file as it was, with ${where}`, t => {
    const path = earlierStore(t)
    using database = new DatabaseSync(path)
    const { integrity_check: before } = database.prepare('pragma integrity_check').get() ?? {}
    assert.match(makeIncremental(database, path, () => room) ?? '', words)
    assert.equal(modeOf(database), 0)
    assert.equal(database.prepare('pragma integrity_check').get()?.['integrity_check'], before)
  })

test('makeIncremental leaves a file alone that somebody else has open, and one that is done', async t => {
  const path = earlierStore(t)
  const other = new DatabaseSync(path)
  other.exec('pragma journal_mode = wal')
  other.prepare('select count(*) from ringback_schema').get()
  using database = new DatabaseSync(path)
  assert.equal(makeIncremental(database, path), undefined)
  assert.equal(modeOf(database), 0)
  other.close()
  assert.equal(makeIncremental(database, path), undefined)
  assert.equal(modeOf(database), 2)
  assert.equal(
    makeIncremental(database, path, () => assert.fail('It is done')),
    undefined,
  )
})

test('a store that lacked room at its first start makes up for it at a later one', async t => {
  const path = earlierStore(t)
  // As a start leaves it that lacked room.
  const first = sqliteStore({ path })
  await first.counts()
  await first.close()
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = delete; pragma auto_vacuum = none; vacuum; pragma journal_mode = wal')
  database.close()
  const second = sqliteStore({ path })
  await second.add({ rows: [newDelivery('a')], now })
  using after = new DatabaseSync(path)
  assert.equal(modeOf(after), 2)
  await second.close()
})
