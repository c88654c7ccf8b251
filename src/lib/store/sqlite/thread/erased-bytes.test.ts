import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { createDelivery } from '../../../delivery/create-delivery.ts'
import type { DeliveryStore } from '../../../delivery/delivery-store.ts'
import { accepted, claimRequest, makeKnown, newDelivery, rejected, startMs } from '../../conformance/rows.ts'
import { sqliteStore } from '../sqlite-store.ts'

const now = startMs
const dayMs = 86_400_000

function temporaryPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-erased-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'd.sqlite')
}

/** What stands in the database and the files beside it. */
function bytesAt(path: string): string {
  return ['', '-wal', '-shm'].map(part => (existsSync(path + part) ? readFileSync(path + part, 'latin1') : '')).join()
}

/** Text of a length between 20 and 9,000 bytes that names its number wherever it is cut into pages. */
const textOf = (kind: string, number: number) => `<${kind}-${number}>`.repeat(2 + ((number * 7_919) % 800))

const engineOf = (store: DeliveryStore) =>
  createDelivery({
    ...{ store, signing: { masterSecret: 'the master secret of this test' }, concurrency: { perOrigin: 500 } },
    transport: {
      send: async () => ({
        ...{ status: 200, headers: {}, body: Buffer.from('{"said":"r3sponse"}') },
        ...{ bodyTruncated: false, address: '192.0.2.1' },
      }),
      close: async () => {},
    },
  })

const request = (body: string) => ({
  ...{ operation: 'o', callback: 'c', method: 'POST', body: Buffer.from(body) },
  ...{ url: 'https://a.example/in?token=t0ken', destination: 'https://a.example/in' },
})

for (const [how, others] of [
  ['alone', () => []],
  ['beside another connection', (path: string) => [new DatabaseSync(path)]],
] as const)
  test(`erase leaves nothing of a body, a response or a URL in the files, ${how}`, async t => {
    const path = temporaryPath(t)
    const engine = engineOf(sqliteStore({ path }))
    await engine.send(request('"s3cret one"'))
    await engine.send(request(`"${'s3cret two '.repeat(2_000)}"`))
    await engine.deliverDue()
    const connections = others(path)
    for (const connection of connections) connection.prepare('select count(*) from ringback_message').get()
    for (const text of ['s3cret one', 's3cret two', 'r3sponse', 't0ken']) assert.ok(bytesAt(path).includes(text), text)
    assert.equal(await engine.deliveries.erase({}), 2)
    for (const text of ['s3cret', 'r3sponse', 't0ken']) assert.ok(!bytesAt(path).includes(text), text)
    await engine.close({ graceMs: 0 })
    for (const connection of connections) connection.close()
  })

test('erase waits for who reads the store, says so when that takes too long, and is done when it ends', async t => {
  const path = temporaryPath(t)
  const engine = engineOf(sqliteStore({ path }))
  await engine.send(request('"s3cret"'))
  const reader = new DatabaseSync(path)
  reader.exec('begin')
  reader.prepare('select count(*) from ringback_message').get()
  await assert.rejects(engine.deliveries.erase({}, { waitMs: 100 }), {
    ...{ code: 'ERR_ERASE_PENDING', erased: 1 },
    message: /^Removed 1 delivery, but their bytes stay in the log of the store until nobody reads it/,
  })
  assert.deepEqual((await engine.deliveries.list()).items, [])
  assert.ok(bytesAt(path).includes('s3cret'))
  const again = engine.deliveries.erase({})
  await new Promise(resolve => setImmediate(resolve))
  reader.exec('commit')
  assert.equal(await again, 0)
  assert.ok(!bytesAt(path).includes('s3cret'))
  await engine.send(request('"later"'))
  reader.close()
  await engine.close({ graceMs: 0 })
})

test('nothing is left of what is erased in small parts among what stays, whatever SQLite moved meanwhile', async t => {
  const path = temporaryPath(t)
  const store = sqliteStore({ path })
  await makeKnown(store, now)
  const kept = new Set<number>()
  for (let round = 0; round < 12; round++) {
    const numbers = Array.from({ length: 60 }, (_, index) => round * 60 + index)
    const rows = numbers.map(number =>
      newDelivery(`d${number}`, {
        ...{
          content: Buffer.from(textOf('body', number)),
          url: `https://a.example/e/${number}/${textOf('url', number % 9)}`,
        },
        recipient: `r${number}`,
      }),
    )
    await store.add({ rows, now })
    for (const number of numbers) kept.add(number)
    const { claimed } = await store.claim(claimRequest(now + round * 60_000, { limit: 100, perOrigin: 100 }))
    const attempts = claimed.map((lease, at) => {
      const end = at % 3 === 0 ? rejected(lease, 1_000) : accepted(lease)
      const body = Buffer.from(textOf('reply', Number(lease.id.slice(1))))
      return { ...end, response: { ...end.response!, body } }
    })
    await store.endAttempts({ attempts, now: now + round * 60_000 })
    // A third of them, here and there.
    for (const number of [...kept].filter((_, at) => (at * 31 + round) % 3 === 0)) {
      assert.equal(await store.erase({ recipient: `r${number}`, now, limit: 10 }), 1)
      kept.delete(number)
    }
  }
  assert.equal(await store.wipe(), true)
  const found = new Set([...bytesAt(path).matchAll(/<(?:body|reply)-(\d+)>/g)].map(([, number]) => Number(number)))
  assert.deepEqual(found, kept)
  await store.close()
})

test('retention leaves nothing of bodies and responses in the database, and its rows go at last', async t => {
  const path = temporaryPath(t)
  const store = sqliteStore({ path })
  for (let round = 0; round < 9; round++) {
    const rows = Array.from({ length: 500 }, (_, at) =>
      newDelivery(`d${round * 500 + at}`, { content: Buffer.from(textOf('body', (round * 500 + at) % 100)) }),
    )
    await store.add({ rows, now })
  }
  for (const index of Array.from({ length: 9 }, (_, at) => at)) {
    await makeKnown(store, now + index, [`known${index}.example`])
  }
  for (;;) {
    const { claimed } = await store.claim(claimRequest(now, { limit: 500, perOrigin: 500 }))
    if (claimed.length === 0) break
    await store.endAttempts({ attempts: claimed.map(accepted), now })
  }
  const purge = (days: number) =>
    store.purge({
      now: now + days * dayMs + 1,
      bytesMs: 7 * dayMs,
      webhookMs: 7 * dayMs,
      rowsMs: 30 * dayMs,
      failedMs: 90 * dayMs,
    })
  const rowsIn = (table: string) => {
    using database = new DatabaseSync(path)
    return Number(database.prepare(`select count(*) as rows from ${table}`).get()?.['rows'])
  }
  while (await purge(8));
  assert.equal(await store.wipe(), true)
  assert.ok(!bytesAt(path).includes('<body-'))
  const before = statSync(path).size
  while (await purge(31));
  assert.equal(await store.wipe(), true)
  for (const table of ['ringback_message', 'ringback_attempt', 'ringback_delivery'])
    assert.ok(rowsIn(table) <= 1_000, `${table} ${rowsIn(table)}`)
  assert.ok(statSync(path).size < before, `${statSync(path).size} of ${before}`)
  await store.add({ rows: [newDelivery('next')], now })
  assert.equal((await store.get('next'))?.state, 'scheduled')
  await store.close()
})

test('the log gives its room back after somebody who read the store has held it up', async t => {
  const path = temporaryPath(t)
  const store = sqliteStore({ path })
  await store.counts()
  const reader = new DatabaseSync(path)
  reader.exec('begin')
  reader.prepare('select count(*) from ringback_message').get()
  const content = new Uint8Array(256 * 1024)
  for (let added = 0; added < 280; added += 40)
    await store.add({ rows: Array.from({ length: 40 }, (_, at) => newDelivery(`d${added + at}`, { content })), now })
  const held = statSync(`${path}-wal`).size
  assert.ok(held > 70_000_000, `${held}`)
  reader.exec('commit')
  reader.close()
  for (const id of ['x', 'y', 'z']) await store.add({ rows: [newDelivery(id)], now })
  await store.cancel({ id: 'x', now })
  assert.ok(statSync(`${path}-wal`).size <= 67_108_864, `${statSync(`${path}-wal`).size}`)
  await store.close()
})
