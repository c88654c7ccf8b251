import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { createDelivery } from '../delivery/create-delivery.ts'
import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { readMessage, writeMessage } from '../delivery/message.ts'
import type { OutgoingRequest } from '../destination/transport/transport.ts'
import { ManualClock } from '../manual-clock.ts'
import { masterSecretId } from '../signature/master-secret.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

const request: DeliveryRequest = {
  operation: 'createInvoice',
  callback: 'invoicePaid',
  method: 'POST',
  url: 'https://receiver.example/events/1',
  destination: 'https://receiver.example/events',
  body: Buffer.from('{"patient":"request-secret"}'),
  hasOnResponse: true,
}

function setUp(options: Partial<DeliveryOptions> = {}) {
  const database = new DatabaseSync(':memory:')
  const store = sqliteStore({ database })
  const [clock, log] = [new ManualClock(), new RecordingLog()]
  const sent: OutgoingRequest[] = []
  const responses: string[] = []
  const engineWith = (masterSecret: string, more: Partial<DeliveryOptions> = {}) =>
    createDelivery({
      ...{ store, clock, log, random: () => 0, signing: { masterSecret }, worker: false },
      transport: {
        async send(outgoing) {
          sent.push(outgoing)
          const body = Buffer.from('{"patient":"response-secret"}')
          const headers = { 'x-patient': 'header-secret' }
          return { status: 200, headers, body, bodyTruncated: false, address: '192.0.2.1' }
        },
        async close() {},
      },
      onResponse: ({ headers, body }) => void responses.push(headers['x-patient'] + Buffer.from(body).toString()),
      ...options,
      ...more,
    })
  return { database, store, clock, log, sent, responses, engineWith }
}

const errorsIn = ({ messages }: RecordingLog) =>
  messages.filter(({ level }) => level === 'error').map(({ text }) => text)

/** Everything that the tables hold, as text. */
function everythingIn(database: DatabaseSync): string {
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all()
  const rows = tables.flatMap(({ name }) => database.prepare(`select * from ${name}`).all())
  const texts = rows
    .flatMap(row => Object.values(row))
    .map(value => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
  return texts.join('\n')
}

test('sealBodies keeps bodies and responses from whoever reads the store, and from nobody else', async () => {
  const { database, sent, responses, engineWith } = setUp({ sealBodies: true })
  const engine = engineWith('a master secret of this test')
  const { id } = await engine.send(request)
  await engine.deliverDue()
  assert.equal(Buffer.from(sent[0]?.body ?? []).toString(), '{"patient":"request-secret"}')
  assert.equal(sent[0]?.headers['content-type'], 'application/json')
  assert.deepEqual(responses, ['header-secret{"patient":"response-secret"}'])
  assert.doesNotMatch(everythingIn(database), /(request|response|header)-secret/)
  const details = await engine.deliveries.get(id)
  assert.equal(Buffer.from(details?.body ?? []).toString(), '{"patient":"request-secret"}')
  assert.equal(Buffer.from(details?.attempts[0]?.responseBody ?? []).toString(), '{"patient":"response-secret"}')
  assert.equal(details?.attempts[0]?.responseHeaders['x-patient'], 'header-secret')
  await engine.deliveries.replay(id, { newId: true })
  await engine.deliverDue()
  assert.deepEqual(sent[1]?.body, sent[0]?.body)
})

test('a store is told which deliveries have something sealed', () => {
  const { engineWith } = setUp()
  const isSealed = (given: Partial<DeliveryRequest>, options: Partial<DeliveryOptions>) =>
    engineWith('a master secret of this test', options).prepare({ ...request, ...given }).row.isSealed
  assert.equal(isSealed({}, { sealBodies: true }), true)
  assert.equal(isSealed({ body: undefined }, { sealBodies: true }), false)
  assert.equal(isSealed({ headers: { 'x-patient': '7' } }, {}), true)
  assert.equal(isSealed({}, {}), false)
})

test('without sealBodies bodies stand in the store as they are sent, and sealed ones go on being read', async () => {
  const { database, sent, engineWith } = setUp()
  await engineWith('a master secret of this test', { sealBodies: true }).send({ ...request, idempotencyKey: 'one' })
  const engine = engineWith('a master secret of this test')
  await engine.send({ ...request, url: `${request.url}2` })
  assert.match(everythingIn(database), /request-secret/)
  const repeated = await engine.store([engine.prepare({ ...request, idempotencyKey: 'one' })])
  assert.equal(repeated[0]?.repeated, true)
  await engine.deliverDue()
  await engine.deliverDue()
  assert.equal(new Set(sent.map(({ body }) => String(body))).size, 1)
})

test('a sealed delivery is not shown without its master secret, and waits for it', async () => {
  const { store, clock, log, sent, engineWith } = setUp({ sealBodies: true })
  const { id } = await engineWith('the first master secret of them').send(request)
  const other = engineWith('another master secret of them')
  await store.useKeys({ ids: [masterSecretId('another master secret of them')], adopt: true })
  await assert.rejects(other.deliveries.get(id), { code: 'ERR_AT_REST' })
  await other.deliverDue()
  assert.equal(sent.length, 0)
  assert.match(errorsIn(log).join(), /content cannot be opened/)
  clock.advance(300_000)
  await engineWith('the first master secret of them').deliverDue()
  assert.equal(sent.length, 1)
})

/** A store whose contents are changed on their way in. */
function changing(store: DeliveryStore, change: (content: Uint8Array) => Uint8Array): DeliveryStore {
  const changed = (row: Parameters<DeliveryStore['add']>[0]['rows'][number]) => ({
    ...row,
    content: change(row.content),
  })
  return { ...store, add: ({ rows, ...rest }) => store.add({ ...rest, rows: rows.map(changed) }) }
}

test('a delivery whose content cannot be read fails in words, and stops nothing', async () => {
  const { store, sent, engineWith } = setUp()
  const damaged = engineWith('a master secret of this test', {
    store: changing(store, content => content.subarray(0, -1)),
  })
  const { id } = await damaged.send(request)
  const engine = engineWith('a master secret of this test')
  await engine.send({ ...request, url: 'https://other.example/2', destination: 'https://other.example/' })
  await engine.deliverDue()
  assert.equal(sent.length, 1)
  assert.equal((await store.get(id))?.state, 'failed')
  assert.match((await store.get(id))?.attempts[0]?.error ?? '', /cannot be read: its parts have other lengths/)
  await assert.rejects(engine.deliveries.get(id), /cannot be read/)
})

test('a delivery that a later release wrote waits for a process that can read it', async () => {
  const { store, clock, log, sent, engineWith } = setUp()
  const later = (content: Uint8Array) => {
    const { responses, ...message } = readMessage(content)
    return Buffer.concat([Buffer.of(2), writeMessage({ ...message, responses }).subarray(1)])
  }
  const { id } = await engineWith('a master secret of this test', { store: changing(store, later) }).send(request)
  const engine = engineWith('a master secret of this test')
  for (let times = 0; times < 4; times++) {
    await engine.deliverDue()
    clock.advance(300_000)
  }
  assert.equal(sent.length, 0)
  const stored = await store.get(id)
  assert.deepEqual([stored?.state, stored?.attemptCount], ['scheduled', 4])
  assert.match(stored?.attempts[0]?.error ?? '', /it is of version 2, and this release knows 1/)
  assert.equal(errorsIn(log).length, 4)
})
