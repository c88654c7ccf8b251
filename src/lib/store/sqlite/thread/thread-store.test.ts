import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { HangingDisk, hangingThread } from '../../../../../test/support/hanging-disk.ts'
import { RecordingLog } from '../../../../../test/support/recording-log.ts'
import { createDelivery } from '../../../delivery/create-delivery.ts'
import type { DeliveryStore } from '../../../delivery/delivery-store.ts'
import { accepted, claimIds, claimOne, newDelivery, startMs } from '../../conformance/rows.ts'
import { threadStore } from './thread-store.ts'

const now = startMs
const unknown = { code: 'ERR_STORE_OUTCOME_UNKNOWN', message: /may have been stored/ }
const unavailable = { code: 'ERR_STORE_UNAVAILABLE' }

/** A store whose thread has started. */
async function setUp(t: TestContext, waitLimitMs = 300) {
  const disk = new HangingDisk(t)
  const store = threadStore(disk.path, { waitLimitMs }, hangingThread)
  t.after(() => store.close({ graceMs: 0 }))
  await untilItAnswers(store)
  const add = (id: string) => store.add({ rows: [newDelivery(id)], now })
  return { disk, store, add }
}

/** Resolves when what was asked for is on its way to the thread. */
async function handedOver(): Promise<void> {
  for (let passes = 0; passes < 5; passes++) await new Promise(resolve => setImmediate(resolve))
}

/** Resolves when the store takes something again. */
async function untilItAnswers(store: DeliveryStore): Promise<void> {
  for (;;) {
    if (await store.counts().then(Boolean, () => false)) return
    await new Promise(resolve => setImmediate(resolve))
  }
}

for (const [when, state] of [
  ['before', undefined],
  ['after', 'scheduled'],
] as const)
  test(`a thread that hangs ${when} its commit: what was begun may be stored, what was not is not, and it goes on`, async t => {
    const { disk, store, add } = await setUp(t)
    await add('before')
    disk.hang(when)
    const begun = assert.rejects(add('begun'), unknown)
    await handedOver()
    await assert.rejects(add('waiting'), unavailable)
    await begun
    await assert.rejects(add('later'), unavailable)
    disk.goOn()
    await untilItAnswers(store)
    await add('after')
    const ids = ['before', 'waiting', 'later', 'after']
    const states = await Promise.all(ids.map(async id => (await store.get(id))?.state))
    assert.deepEqual(states, ['scheduled', undefined, undefined, 'scheduled'])
    assert.equal((await store.get('begun'))?.state, state)
  })

test('every operation is given up when the thread hangs', async t => {
  const { disk, store } = await setUp(t)
  disk.hang('before')
  const lease = { id: 'x', token: 1 }
  const filter = { now, limit: 1 }
  const asked = [
    store.find({ operation: 'o', callback: 'c', destination: 'd', recipient: 'r', idempotencyKey: 'k' }),
    store.release({ leases: [lease], now }),
    store.claimHandlers({ ...filter, leaseMs: 1_000 }),
    store.endHandlers({ handlers: [{ id: 'x', token: 1, againInMs: undefined }], now }),
    store.get('x'),
    store.counts(),
    store.replay({ id: 'x', now }),
    store.cancel({ id: 'x', now }),
    store.purge({ now, bytesMs: 1, webhookMs: 1, rowsMs: 1, failedMs: 1 }),
    store.secretVersions({ recipient: 'r', now }),
    store.rotateSecret({ recipient: 'r', overlapMs: 1, now }),
  ]
  for (const answer of await Promise.allSettled(asked))
    assert.equal(answer.status === 'rejected' && answer.reason.code, unknown.code)
})

test('a claim whose answer comes too late is given back, and was no attempt', async t => {
  const { disk, store, add } = await setUp(t)
  for (const id of ['a', 'b']) await add(id)
  disk.hang('after')
  await assert.rejects(claimIds(store, now), unknown)
  disk.goOn()
  await untilItAnswers(store)
  assert.equal((await store.counts()).scheduled, 2)
  const claimed = await claimOne(store, now)
  assert.equal(claimed.attemptNumber, 1)
  const [result] = await store.endAttempts({ attempts: [accepted(claimed)], now })
  assert.equal(result?.stale, false)
})

test('what is held and stored too late for its request is taken back', async t => {
  const { disk, store, add } = await setUp(t)
  await add('a')
  disk.hang('after')
  const holding = store.add({ rows: [newDelivery('held'), newDelivery('second')], now, heldUntil: now + 60_000 })
  await assert.rejects(holding, unknown)
  disk.goOn()
  await untilItAnswers(store)
  assert.equal(await store.get('held'), undefined)
  assert.equal((await store.counts()).scheduled, 1)
})

test('a worker whose claim hangs sends everything once the disk goes on', async t => {
  const { disk, store } = await setUp(t)
  const sent: string[] = []
  const transport = {
    async send({ url }: { url: string | URL }) {
      sent.push(String(url))
      const response = { status: 200, headers: {}, body: new Uint8Array(), bodyTruncated: false }
      return { ...response, address: '192.0.2.1' }
    },
    async close() {},
  }
  const log = new RecordingLog()
  const engine = createDelivery({ store, transport, log, signing: { masterSecret: 'm'.repeat(32) } })
  const request = { operation: 'o', callback: 'c', method: 'POST', destination: 'https://a.example/' }
  const urls = ['a', 'b', 'c'].map(name => `https://a.example/${name}`)
  for (const url of urls) await engine.send({ ...request, url })
  disk.hang('after')
  const failed = new Promise(resolve => engine.on('worker.error', resolve))
  await engine.start()
  await failed
  assert.deepEqual(sent, [])
  const settled = Promise.withResolvers<void>()
  let count = 0
  engine.on('delivery.settled', () => ++count === urls.length && settled.resolve())
  disk.goOn()
  await settled.promise
  assert.deepEqual(sent.toSorted(), urls)
  await engine.close({ graceMs: 0 })
})

test('an attempt whose record hangs is recorded once, and nothing is sent twice', async t => {
  const { disk, store } = await setUp(t)
  let sent = 0
  const transport = {
    async send() {
      if (++sent === 1) disk.hang('after')
      const response = { status: 200, headers: {}, body: new Uint8Array(), bodyTruncated: false }
      return { ...response, address: '192.0.2.1' }
    },
    async close() {},
  }
  const log = new RecordingLog()
  const engine = createDelivery({ store, transport, log, signing: { masterSecret: 'm'.repeat(32) } })
  const { id } = await engine.send(message)
  const failed = new Promise(resolve => engine.on('worker.error', resolve))
  await engine.start()
  await failed
  disk.goOn()
  await untilItAnswers(store)
  while (!log.messages.some(({ text }) => text.startsWith('The end of an attempt could not be recorded again')))
    await new Promise(resolve => setImmediate(resolve))
  const delivery = await engine.deliveries.get(id)
  assert.deepEqual([delivery?.state, delivery?.attemptCount, sent], ['delivered', 1, 1])
  await engine.close({ graceMs: 0 })
})

test('close gives up a thread that hangs, and what was asked of it', async t => {
  const { disk, store, add } = await setUp(t, 60_000)
  await add('a')
  disk.hang('after')
  const begun = assert.rejects(add('b'), unknown)
  await handedOver()
  const waiting = assert.rejects(add('c'), unavailable)
  await store.close({ graceMs: 0 })
  await Promise.all([begun, waiting])
  disk.goOn()
  await add('d')
  assert.equal((await store.get('c'))?.id, undefined)
  assert.equal((await store.get('d'))?.id, 'd')
})

test('close gives up a thread that hangs while it closes the database', async t => {
  const { disk, store, add } = await setUp(t, 60_000)
  await add('a')
  disk.hang('before')
  await store.close({ graceMs: 0 })
  disk.goOn()
  assert.equal((await store.get('a'))?.id, 'a')
})

for (const [what, begin] of [
  ['a claim', (engine: ReturnType<typeof createDelivery>) => engine.start()],
  ['an add', (engine: ReturnType<typeof createDelivery>) => void engine.send(message).catch(() => {})],
] as const)
  test(`close of an engine does not wait for ${what} that hangs`, async t => {
    const { disk, store } = await setUp(t, 60_000)
    const engine = createDelivery({ store, log: new RecordingLog(), signing: { masterSecret: 'm'.repeat(32) } })
    await engine.deliverDue()
    disk.hang('after')
    await begin(engine)
    await engine.start()
    await handedOver()
    await engine.close({ graceMs: 10 })
  })

test('close of an engine does not wait for a start that hangs, which then starts nothing', async t => {
  const { disk, store } = await setUp(t, 60_000)
  const engine = createDelivery({ store, log: new RecordingLog(), signing: { masterSecret: 'm'.repeat(32) } })
  disk.hang('after')
  const starting = engine.start()
  await handedOver()
  await engine.close({ graceMs: 10 })
  await starting
  disk.goOn()
  const { id } = await engine.send(message)
  await engine.close({ graceMs: 0 })
  assert.equal((await store.get(id))?.attemptCount, 0)
})

const message = {
  ...{ operation: 'o', callback: 'c', method: 'POST' },
  ...{ url: 'https://a.example/', destination: 'https://a.example/' },
}
