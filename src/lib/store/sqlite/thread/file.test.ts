import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { createDelivery } from '../../../delivery/create-delivery.ts'
import { accepted, claimIds, claimOne, makeKnown, newDelivery, startMs } from '../../conformance/rows.ts'
import { sqliteStore } from '../sqlite-store.ts'

const now = startMs

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

test('sqliteStore makes its folder for the owner only, out of version control, at the first use', async t => {
  const folder = join(temporaryFolder(t), 'deep', '.ringback')
  const store = sqliteStore({ path: join(folder, 'deliveries.sqlite') })
  assert.throws(() => statSync(folder), { code: 'ENOENT' })
  await store.add({ rows: [newDelivery('a')], now })
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(readFileSync(join(folder, '.gitignore'), 'utf8'), '*\n')
  for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name)
  await store.close()
})

test('sqliteStore keeps what it acknowledged, also when it is closed and used again', async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  const store = sqliteStore({ path })
  await store.add({ rows: [newDelivery('a')], now })
  await store.close()
  const other = sqliteStore({ path })
  assert.equal((await other.get('a'))?.state, 'scheduled')
  await other.close()
  await store.endAttempts({ attempts: [accepted(await claimOne(store, now))], now })
  assert.equal((await store.get('a'))?.state, 'delivered')
  await store.close()
})

test('sqliteStore shares one file between connections, and gives each delivery to one of them', async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  const stores = [sqliteStore({ path }), sqliteStore({ path }), sqliteStore({ database: new DatabaseSync(path) })]
  await makeKnown(stores[0]!, now)
  const adding = stores.map((store, at) =>
    store.add({ rows: Array.from({ length: 20 }, (_, index) => newDelivery(`d${at}-${index}`)), now }),
  )
  await Promise.all(adding)
  const claims = stores.flatMap(store => [1, 2, 3].map(() => claimIds(store, now, { limit: 7, perOrigin: 100 })))
  const ids = (await Promise.all(claims)).flat()
  assert.equal(ids.length, 60)
  assert.equal(new Set(ids).size, 60)
  await Promise.all(stores.map(store => store.close()))
})

test('sqliteStore refuses at once what its tables do not take, and goes on with the others', async t => {
  const store = sqliteStore({ path: join(temporaryFolder(t), 'd.sqlite') })
  await makeKnown(store, now)
  const rows = [newDelivery('a'), newDelivery('odd', { timeoutMs: 0.5 }), newDelivery('b')]
  const added = await Promise.allSettled(rows.map(row => store.add({ rows: [row], now })))
  assert.deepEqual(
    added.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(await store.add({ rows: [], now }), { added: [] })
  assert.deepEqual(await claimIds(store, now), ['a', 'b'])
  await store.close()
})

test('sqliteStore is unavailable while another process holds the lock, and goes on afterwards', async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  const store = sqliteStore({ path, waitLimitMs: 1_500 })
  await store.counts()
  const other = new DatabaseSync(path)
  other.exec('begin immediate')
  const add = (id: string) => store.add({ rows: [newDelivery(id)], now })
  await assert.rejects(add('a'), { code: 'ERR_STORE_UNAVAILABLE', message: /holds the lock/ })
  other.exec('commit')
  await add('b')
  assert.equal(await store.get('a'), undefined)
  assert.equal((await store.get('b'))?.id, 'b')
  other.close()
  await store.close()
})

test('sqliteStore waits for a lock that is let go in time', async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  const store = sqliteStore({ path })
  await store.counts()
  const other = new DatabaseSync(path)
  other.exec('begin immediate')
  const added = store.add({ rows: [newDelivery('a')], now })
  await new Promise(resolve => setImmediate(resolve))
  other.exec('commit')
  assert.deepEqual(await added, { added: [{ id: 'a', repeated: false }] })
  other.close()
  await store.close()
})

test('sqliteStore is unavailable while the disk is full, and goes on afterwards', async () => {
  const database = new DatabaseSync(':memory:')
  const store = sqliteStore({ database })
  await store.add({ rows: [newDelivery('first')], now })
  const pages = Number(database.prepare('pragma page_count').get()?.page_count)
  database.exec(`pragma max_page_count = ${pages}`)
  const large = newDelivery('large', { content: new Uint8Array(100_000) })
  const [refused, claimed] = await Promise.allSettled([store.add({ rows: [large], now }), claimOne(store, now)])
  assert.equal(refused.status, 'rejected')
  assert.match(String(refused.status === 'rejected' && refused.reason), /the disk is full/)
  assert.equal(claimed.status, 'fulfilled')
  database.exec('pragma max_page_count = 100000')
  await store.add({ rows: [large], now })
  assert.equal((await store.get('large'))?.content?.length, 100_000)
})

test('sqliteStore is unavailable while its file cannot be opened, and goes on afterwards', async t => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'd.sqlite')
  mkdirSync(path)
  const store = sqliteStore({ path })
  await assert.rejects(store.counts(), { code: 'ERR_STORE_UNAVAILABLE' })
  renameSync(path, `${path}.away`)
  assert.equal((await store.counts()).scheduled, 0)
  await store.close()
})

for (const [what, remove] of [
  ['removed', (path: string) => rmSync(dirname(path), { recursive: true })],
  ['moved away', (path: string) => renameSync(path, `${path}.away`)],
] as const)
  test(`sqliteStore stores where others see it after its file was ${what}`, async t => {
    const path = join(temporaryFolder(t), 'store', 'd.sqlite')
    const store = sqliteStore({ path })
    await store.add({ rows: [newDelivery('a')], now })
    await store.counts()
    remove(path)
    await store.add({ rows: [newDelivery('b')], now })
    const other = sqliteStore({ path })
    assert.equal((await other.get('b'))?.id, 'b')
    await Promise.all([store.close(), other.close()])
    if (what !== 'moved away') return
    const moved = sqliteStore({ path: `${path}.away` })
    assert.equal((await moved.get('a'))?.id, 'a')
    assert.equal(await moved.get('b'), undefined)
    await moved.close()
  })

test('sqliteStore refuses tables of a newer version, and a file that is no database', async t => {
  const folder = temporaryFolder(t)
  const newer = new DatabaseSync(join(folder, 'newer.sqlite'))
  newer.exec('create table ringback_schema (version integer not null); insert into ringback_schema values (1000)')
  newer.close()
  writeFileSync(join(folder, 'text.sqlite'), 'This is a text and no database. '.repeat(100))
  for (const [file, message] of [
    ['newer.sqlite', /version 1000/],
    ['text.sqlite', /not a database/],
  ] as const) {
    const store = sqliteStore({ path: join(folder, file) })
    await assert.rejects(store.counts(), { code: 'ERR_STORE_UNAVAILABLE', message })
    await store.close()
  }
})

test('sqliteStore refuses what finds its queue full, and changes nothing', async t => {
  const store = sqliteStore({ path: join(temporaryFolder(t), 'd.sqlite'), queueLimit: 2 })
  const adds = ['a', 'b', 'c'].map(id => store.add({ rows: [newDelivery(id)], now }))
  const settled = await Promise.allSettled(adds)
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected'],
  )
  assert.equal(await store.get('c'), undefined)
  await store.close()
})

test('add with a transaction commits and rolls back with the rows of its owner', async () => {
  const database = new DatabaseSync(':memory:')
  const store = sqliteStore({ database })
  database.exec('create table invoice (id text); begin')
  database.exec("insert into invoice values ('1')")
  await store.add({ rows: [newDelivery('a')], now, transaction: database })
  database.exec('rollback')
  assert.equal(await store.get('a'), undefined)
  database.exec('begin')
  await store.add({ rows: [newDelivery('b')], now, transaction: database })
  database.exec('commit')
  assert.equal((await store.get('b'))?.id, 'b')
})

for (const [what, spoil, reason] of [
  [
    'the disk is full',
    (database: DatabaseSync) => {
      const pages = Number(database.prepare('pragma page_count').get()?.['page_count'])
      database.exec(`pragma max_page_count = ${pages}`)
    },
    /the disk is full; your whole transaction was rolled back: start it again$/,
  ],
  [
    'a trigger rolls back',
    (database: DatabaseSync) =>
      database.exec(
        "create trigger no before insert on ringback_message begin select raise(rollback, 'not today'); end",
      ),
    /not today; your whole transaction was rolled back: start it again$/,
  ],
  [
    'a conflict rolls back',
    (database: DatabaseSync) =>
      database.exec(`create table once (a unique on conflict rollback); insert into once values (1);
        create trigger no before insert on ringback_message begin insert into once values (1); end`),
    /; your whole transaction was rolled back: start it again$/,
  ],
] as const)
  test(`add with a transaction says so where the whole transaction is undone, as ${what}`, async () => {
    const database = new DatabaseSync(':memory:')
    const store = sqliteStore({ database })
    await store.add({ rows: [newDelivery('first')], now })
    database.exec('create table invoice (id text)')
    spoil(database)
    database.exec("begin; insert into invoice values ('1')")
    const large = newDelivery('large', { content: new Uint8Array(100_000) })
    await assert.rejects(store.add({ rows: [large], now, transaction: database }), {
      code: 'ERR_STORE_UNAVAILABLE',
      message: reason,
    })
    assert.equal(database.isTransaction, false)
    assert.equal(database.prepare('select count(*) as count from invoice').get()?.['count'], 0)
  })

test('add with a transaction leaves it open where only its own rows are undone, and says nothing of it', async () => {
  const database = new DatabaseSync(':memory:')
  const store = sqliteStore({ database })
  database.exec("create table invoice (id text); begin; insert into invoice values ('1')")
  const odd = newDelivery('odd', { timeoutMs: 0.5 })
  await assert.rejects(
    store.add({ rows: [newDelivery('a'), odd], now, transaction: database }),
    error => !String(error).includes('rolled back'),
  )
  database.exec('commit')
  assert.equal(database.prepare('select count(*) as count from invoice').get()?.['count'], 1)
  assert.equal(await store.get('a'), undefined)
})

test('add with a transaction refuses a connection without one, a foreign one, and a store that has none', async t => {
  const database = new DatabaseSync(':memory:')
  const store = sqliteStore({ database })
  const withPath = sqliteStore({ path: join(temporaryFolder(t), 'd.sqlite') })
  const foreign = new DatabaseSync(':memory:')
  foreign.exec('begin')
  const rows = [newDelivery('a')]
  const refused = { code: 'ERR_NOT_IN_TRANSACTION' }
  await assert.rejects(store.add({ rows, now, transaction: database }), refused)
  await assert.rejects(store.add({ rows, now, transaction: foreign }), refused)
  await assert.rejects(withPath.add({ rows, now, transaction: foreign }), refused)
})

test('sqliteStore with a connection keeps out of a transaction of its owner', async () => {
  const database = new DatabaseSync(':memory:')
  const store = sqliteStore({ database })
  database.exec('begin')
  const added = store.add({ rows: [newDelivery('a')], now })
  await new Promise(resolve => setImmediate(resolve))
  database.exec('rollback')
  await added
  assert.equal((await store.get('a'))?.id, 'a')
})

test('the file holds neither credentials nor secrets in clear', async t => {
  const folder = temporaryFolder(t)
  const masterSecret = 'the master secret of this test'
  const transport = {
    send: async () => ({
      ...{ status: 200, headers: { 'set-cookie': 'session=c00kie' }, body: new Uint8Array() },
      ...{ bodyTruncated: false, address: '192.0.2.1' },
    }),
    close: async () => {},
  }
  const store = sqliteStore({ path: join(folder, 'd.sqlite') })
  const engine = createDelivery({ store, signing: { masterSecret }, transport })
  await engine.send({
    ...{ operation: 'o', callback: 'c', method: 'POST', url: 'https://a.example/', destination: 'https://a.example/' },
    headers: { authorization: 'Bearer cr3dential' },
    recipient: 'customer-17',
  })
  await engine.deliverDue()
  assert.equal((await engine.deliveries.counts()).delivered, 1)
  const secrets = ['cr3dential', 'c00kie', masterSecret, (await engine.secretFor('customer-17')).slice('whsec_'.length)]
  for (const name of readdirSync(folder)) {
    const content = readFileSync(join(folder, name), 'latin1')
    for (const secret of secrets) assert.ok(!content.includes(secret), `${name} holds ${secret}`)
  }
  await engine.close({ graceMs: 0 })
})

test('sqliteStore lets a process end that has nothing more to do, after what it asked for is stored', async t => {
  const path = join(temporaryFolder(t), 'd.sqlite')
  const program = `
    const { sqliteStore } = await import(${JSON.stringify(new URL('../sqlite-store.ts', import.meta.url))})
    const { newDelivery } = await import(${JSON.stringify(new URL('../../conformance/rows.ts', import.meta.url))})
    const store = sqliteStore({ path: ${JSON.stringify(path)} })
    await store.counts()
    store.add({ rows: [newDelivery('a')], now: 0 })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' })
  const code = await new Promise(resolve => child.once('exit', resolve))
  assert.equal(code, 0)
  const store = sqliteStore({ path })
  assert.equal((await store.get('a'))?.id, 'a')
  await store.close()
})
