import assert from 'node:assert/strict'
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { RecordingLog } from '../../../../../test/support/recording-log.ts'
import { createDelivery } from '../../../delivery/create-delivery.ts'
import type { OutgoingRequest } from '../../../destination/transport/transport.ts'
import { ManualClock } from '../../../manual-clock.ts'
import { sqliteStore } from '../sqlite-store.ts'

/**
 * `version-3.sqlite` was made by the last release with tables of version 3, on a clock that began on 2026-11-01: an engine
 * with `retryDelaysSeconds: [0, 60, 600]` sent to a stand-in that answers 410 to "fails" and 500 to "waits". The names below
 * are the ends of the URLs. "delivered" has a sealed header and a declared response, "cancelled" was due later, "responded"
 * has had its onResponse, "tenant 1" had its secret rotated with an overlap of an hour; "first" was due in a minute, with
 * "second" and "third" (a sealed header) behind it in one ordering key; "keyed" has an idempotency key and was due in 30 s;
 * "held" was held; "leased" was claimed by a process that died. A process with `worker: false` then stored "in1" to "in3",
 * which wait in the intake, "in2" behind "first" too.
 */
const fixture = join(import.meta.dirname, 'version-3.sqlite')
const madeUntil = Date.UTC(2026, 10, 1) + 2_000
const idOf = (number: number) => `msg_${String(number).padStart(26, '0')}`

function openFixture(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'deliveries.sqlite')
  copyFileSync(fixture, path)
  chmodSync(path, 0o600)
  const clock = new ManualClock(madeUntil)
  const log = new RecordingLog()
  const sent: OutgoingRequest[] = []
  const store = sqliteStore({ path, log })
  const engine = createDelivery({
    ...{ store, clock, log, random: () => 0 },
    signing: { masterSecret: 'the master secret of the fixture' },
    transport: {
      async send(request) {
        sent.push(request)
        return { status: 200, headers: {}, body: new Uint8Array(), bodyTruncated: false, address: '192.0.2.1' }
      },
      async close() {},
    },
    onResponse() {},
  })
  t.after(() => engine.close({ graceMs: 0 }))
  const namesSent = () => sent.splice(0).map(({ url }) => url.split('/').at(-1))
  return { path, clock, store, engine, sent, namesSent }
}

const statesIn = (items: readonly { readonly id: string; readonly state: string; readonly attemptCount: number }[]) =>
  items.map(({ id, state, attemptCount }) => [Number(id.slice(4)), state, attemptCount]).reverse()

test('a store of version 3 shows what it held, with attempts and under the same names', async t => {
  const { engine } = openFixture(t)
  assert.deepEqual(statesIn((await engine.deliveries.list()).items), [
    [1, 'delivered', 1],
    [2, 'failed', 1],
    [3, 'scheduled', 1],
    [4, 'cancelled', 0],
    [5, 'delivered', 1],
    ...[6, 7, 8, 9, 10].map(number => [number, 'scheduled', 0]),
    [11, 'attempting', 1],
    ...[12, 13, 14].map(number => [number, 'scheduled', 0]),
  ])
  const counts = { scheduled: 9, attempting: 1, delivered: 2, failed: 1, blocked: 0, cancelled: 1 }
  assert.deepEqual(await engine.deliveries.counts(), counts)
  const delivered = await engine.deliveries.get(idOf(1))
  assert.deepEqual(delivered?.headers, { authorization: '***' })
  assert.equal(Buffer.from(delivered?.body ?? []).toString(), '{"name":"delivered"}')
  assert.equal(delivered?.responseValid, true)
  assert.equal(Buffer.from(delivered?.attempts[0]?.responseBody ?? []).toString(), '{"got":"delivered","bytes":20}')
  assert.equal((await engine.deliveries.get(idOf(2)))?.attempts[0]?.status, 410)
  assert.equal((await engine.deliveries.list({ recipient: 'tenant 2' })).items[0]?.id, idOf(12))
})

test('a store of version 3 delivers what waited in it, in its order and at its time', async t => {
  const { engine, clock, sent, namesSent } = openFixture(t)
  const webhookIds = new Map<string, string | undefined>()
  for (const { id } of (await engine.deliveries.list()).items)
    webhookIds.set(id, (await engine.deliveries.get(id))?.webhookId)
  await engine.deliverDue()
  assert.deepEqual(namesSent(), ['in1'])
  clock.advance(30_000)
  await engine.deliverDue()
  assert.deepEqual(namesSent().sort(), ['keyed', 'leased'])
  clock.advance(30_000)
  await engine.deliverDue()
  const [waits, ...later] = sent
  assert.equal(waits?.headers['webhook-id'], webhookIds.get(idOf(3)))
  assert.equal(later.find(({ url }) => url.endsWith('/third'))?.headers['x-token'], 'secret too')
  assert.deepEqual(namesSent(), ['waits', 'first', 'held', 'second', 'third', 'in2'])
  clock.advance(60_000)
  await engine.deliverDue()
  assert.deepEqual(namesSent(), ['in3'])
  const counts = { scheduled: 0, attempting: 0, delivered: 12, failed: 1, blocked: 0, cancelled: 1 }
  assert.deepEqual(await engine.deliveries.counts(), counts)
  const attempts = (await engine.deliveries.get(idOf(11)))?.attempts.map(({ number, outcome }) => [number, outcome])
  assert.deepEqual(attempts, [
    [1, 'abandoned'],
    [2, 'accepted'],
  ])
})

test('a store of version 3 keeps its idempotency keys, its holds and its secrets', async t => {
  const { engine, store } = openFixture(t)
  const request = {
    ...{ operation: 'createInvoice', callback: 'invoicePaid', method: 'post', idempotencyKey: 'order 5' },
    url: 'https://receiver.example/events/keyed',
    destination: 'https://receiver.example/events',
    body: Buffer.from('{"name":"keyed"}'),
  }
  assert.equal((await engine.find(engine.prepare(request)))?.id, idOf(9))
  assert.deepEqual(await store.secretVersions({ recipient: 'tenant 1', now: madeUntil }), [2, 1])
  assert.deepEqual(await store.takeBack({ ids: [idOf(10), idOf(9)], now: madeUntil }), [idOf(10)])
})

test('a store of version 3 sends its settled deliveries again', async t => {
  const { engine, sent } = openFixture(t)
  const { id } = await engine.deliveries.replay(idOf(1), { newId: true })
  await engine.deliveries.replay(idOf(2))
  await engine.deliverDue()
  const [again, copy] = ['/fails', '/delivered'].map(end => sent.find(({ url }) => url.endsWith(end)))
  assert.equal(again?.headers['webhook-id'], (await engine.deliveries.get(idOf(2)))?.webhookId)
  assert.equal(copy?.headers['authorization'], 'Bearer sealed')
  assert.equal(copy?.headers['webhook-id'], (await engine.deliveries.get(id))?.webhookId)
})

test('a store of version 3 is refused in words while another process holds it, and used when none does', async t => {
  const { path, engine, store } = openFixture(t)
  const older = new DatabaseSync(path)
  const [table] = older.prepare('select version from ringback_schema').all()
  assert.equal(table?.['version'], 3)
  await assert.rejects(engine.start(), {
    code: 'ERR_STORE_UNAVAILABLE',
    message: /its tables are of version 3 and another process, .* end all processes that use the store/,
  })
  assert.equal(older.prepare('select count(*) as rows from ringback_job').get()?.['rows'], 11)
  older.close()
  await engine.start()
  const same = sqliteStore({ path })
  for (const each of [store, same]) assert.equal((await each.get(idOf(1)))?.state, 'delivered')
  await same.close()
})

test('processes of this release that open a store of version 3 at the same time share it', async t => {
  const { path, store } = openFixture(t)
  const others = [1, 2, 3].map(() => sqliteStore({ path }))
  const counts = await Promise.all([store, ...others].map(each => each.counts()))
  assert.deepEqual(new Set(counts.map(({ delivered }) => delivered)), new Set([2]))
  await Promise.all(others.map(other => other.close()))
})
