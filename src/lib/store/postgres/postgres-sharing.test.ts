import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pg from 'pg'
import { startPostgres } from '../../../../test/support/postgres-server.ts'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { NewDelivery } from '../../delivery/stored-delivery.ts'
import { accepted, claimRequest, failed, makeKnown, newDelivery, rejected, startMs } from '../conformance/rows.ts'
import type { PostgresPool } from './connection/postgres-client.ts'
import { postgresStore } from './postgres-store.ts'

const server = await startPostgres()
const { connectionString } = server
const pool = new pg.Pool({ connectionString, max: 12 })
after(async () => {
  await pool.end()
  await server.stop()
})

let schemas = 0
const newSchema = () => `shared_${++schemas}`

/** Stores of several processes in one schema. */
function stores(count: number, given: PostgresPool = pool): DeliveryStore[] {
  const schema = newSchema()
  return Array.from({ length: count }, () => postgresStore({ pool: given, schema, time: 'caller' }))
}

const rowsTo = (hosts: number, count: number): NewDelivery[] =>
  Array.from({ length: count }, (_, at) => newDelivery(`d${at}`, { host: `h${at % hosts}.example` }))

/** A worker without HTTP: claims and ends until nothing is left anywhere. What somebody cancels meanwhile is stale at its end. */
async function work(store: DeliveryStore, seen: string[], cancelled = new Set<string>()): Promise<void> {
  for (let empty = 0; empty < 5; ) {
    const { claimed } = await store.claim(claimRequest(startMs, { limit: 16, perOrigin: 16 }))
    seen.push(...claimed.map(({ id }) => id))
    const ended = await store.endAttempts({ attempts: claimed.map(accepted), now: startMs })
    assert.ok(ended.every(({ stale }, at) => !stale || cancelled.has(claimed[at]?.id ?? '')))
    empty = claimed.length === 0 ? empty + 1 : 0
  }
}

test('workers of several processes send everything, each of it once, to many destinations and to one', async () => {
  for (const hosts of [20, 1]) {
    const [one, ...others] = stores(4)
    assert.ok(one !== undefined)
    await makeKnown(
      one,
      startMs,
      Array.from({ length: hosts }, (_, at) => `h${at}.example`),
    )
    const rows = rowsTo(hosts, 200)
    const seen: string[] = []
    const adding = async () => {
      for (let at = 0; at < rows.length; at += 20) await one.add({ rows: rows.slice(at, at + 20), now: startMs })
    }
    await Promise.all([adding(), ...others.map(each => work(each, seen))])
    await work(one, seen)
    assert.equal(seen.length, rows.length)
    assert.equal(new Set(seen).size, rows.length)
    const counts = await one.counts()
    assert.deepEqual([counts.scheduled, counts.attempting, counts.delivered], [0, 0, rows.length + hosts])
    await Promise.all([one, ...others].map(each => each.close()))
  }
})

test('an ordering key is kept by eight workers at once, also where attempts fail and are made again', async () => {
  const all = stores(8)
  const [one] = all
  assert.ok(one !== undefined)
  await makeKnown(one, startMs)
  const keyed = (at: number) => newDelivery(`k${String(at).padStart(3, '0')}`, { orderingKey: `key${at % 3}` })
  for (let at = 0; at < 60; at++) await one.add({ rows: [keyed(at)], now: startMs })
  const seen: string[] = []
  // Every fifth fails twice.
  const failsAgain = (id: string) => Number(id.slice(1)) % 5 === 0 && seen.filter(each => each === id).length < 3
  const workFailing = async (store: DeliveryStore) => {
    for (let empty = 0; empty < 5; ) {
      const { claimed } = await store.claim(claimRequest(startMs, { limit: 4 }))
      seen.push(...claimed.map(({ id }) => id))
      const attempts = claimed.map(lease =>
        failsAgain(lease.id)
          ? { ...rejected(lease, 0), destinationSignal: { kind: 'success' } as const }
          : accepted(lease),
      )
      await store.endAttempts({ attempts, now: startMs })
      empty = claimed.length === 0 ? empty + 1 : 0
    }
  }
  await Promise.all(all.map(workFailing))
  await workFailing(one)
  for (const key of [0, 1, 2]) {
    const ofKey = seen.filter(id => Number(id.slice(1)) % 3 === key)
    assert.deepEqual(ofKey, ofKey.toSorted())
    assert.deepEqual([new Set(ofKey).size, ofKey.length], [20, 28])
  }
})

test('one idempotency key that ten processes store at once is one delivery', async () => {
  const all = stores(10)
  const keys = ['x', 'y', 'z']
  const add = (store: DeliveryStore, process: number) => {
    const row = (key: string) =>
      newDelivery(`${process}-${key}`, { idempotencyKey: key, digest: 'same', host: `${key}.example` })
    const order = process % 2 === 0 ? keys : keys.toReversed()
    return store.add({ rows: order.map(row), now: startMs })
  }
  const results = await Promise.all(all.map(add))
  const ids = results.flatMap(result => ('added' in result ? result.added.map(({ id }) => id) : ['conflict']))
  assert.equal(new Set(ids).size, 3)
  assert.equal((await all[0]?.counts())?.scheduled, 3)
})

test('an open transaction that added something holds up neither claims nor others that add', async () => {
  const [store, worker] = stores(2)
  assert.ok(store !== undefined && worker !== undefined)
  await makeKnown(store, startMs)
  const client = await pool.connect()
  await client.query('begin')
  await store.add({ rows: [newDelivery('open')], now: startMs, transaction: client })
  await store.add({ rows: [newDelivery('free')], now: startMs })
  const claimed = async () => (await worker.claim(claimRequest(startMs))).claimed.map(({ id }) => id)
  assert.deepEqual(await claimed(), ['free'])
  await client.query('commit')
  client.release()
  assert.deepEqual(await claimed(), ['open'])
})

test('a claim that leaves an origin to somebody else asks for it again in a moment', async () => {
  const schema = newSchema()
  const store = postgresStore({ pool, schema, time: 'caller' })
  await makeKnown(store, startMs)
  await store.add({ rows: [newDelivery('one')], now: startMs })
  // Places it.
  await store.claim(claimRequest(startMs, { limit: 0 }))
  const client = await pool.connect()
  await client.query(`begin; select 1 from ${schema}.origin for update`)
  const { claimed, nextDueInMs = 0 } = await store.claim(claimRequest(startMs))
  assert.deepEqual(claimed, [])
  assert.ok(nextDueInMs > 0 && nextDueInMs < 50, String(nextDueInMs))
  await client.query('rollback')
  client.release()
  assert.equal((await store.claim(claimRequest(startMs))).claimed.length, 1)
})

test('a failure that is told while others claim and cancel leaves nothing locked, waiting or asleep', async () => {
  const all = stores(3)
  const [one, two, three] = all
  assert.ok(one !== undefined && two !== undefined && three !== undefined)
  await makeKnown(one, startMs, ['h0.example', 'h1.example', 'h2.example'])
  await one.add({ rows: rowsTo(3, 120), now: startMs })
  const seen: string[] = []
  const cancelled = new Set<string>()
  const failing = async () => {
    for (let round = 0; round < 10; round++) {
      const { claimed } = await two.claim(claimRequest(startMs, { limit: 4 }))
      seen.push(...claimed.map(({ id }) => id))
      const attempts = claimed.map(lease => ({
        ...failed(lease),
        destinationSignal: undefined,
        originSignal: undefined,
      }))
      await two.endAttempts({ attempts, now: startMs })
    }
  }
  const cancelling = async () => {
    for (let at = 119; at > 90; at--) {
      cancelled.add(`d${at}`)
      if (await three.cancel({ id: `d${at}`, now: startMs })) seen.push(`d${at}`)
    }
  }
  await Promise.all([failing(), cancelling(), work(one, seen, cancelled)])
  await work(one, seen)
  const { scheduled, attempting } = await one.counts()
  assert.deepEqual([scheduled, attempting], [0, 0])
})

test('nothing is left in a connection: each transaction may have another one', async () => {
  const discarding: PostgresPool = {
    async connect() {
      const client = await pool.connect()
      await client.query('discard all')
      return client
    },
  }
  const [store] = stores(1, discarding)
  assert.ok(store !== undefined)
  await makeKnown(store, startMs)
  await store.add({ rows: rowsTo(5, 20), now: startMs })
  const seen: string[] = []
  await work(store, seen)
  assert.equal(seen.length, 20)
})

test('a claim takes a bounded number of exchanges, for one destination and for a hundred', async () => {
  for (const hosts of [1, 100]) {
    const counted = countingPool()
    const [store] = stores(1, counted.pool)
    assert.ok(store !== undefined)
    const names = Array.from({ length: hosts }, (_, at) => `h${at}.example`)
    await store.add({ rows: names.map(host => newDelivery(`known-${host}`, { host })), now: startMs })
    const lanes = { strangers: 200, new: 200, newOfAnyGroup: 200, first: 200 }
    const { claimed: first } = await store.claim(claimRequest(startMs, { limit: 200, lanes }))
    await store.endAttempts({ attempts: first.map(accepted), now: startMs })
    await store.add({ rows: rowsTo(hosts, 300), now: startMs })
    await store.claim(claimRequest(startMs, { limit: 1 }))
    counted.count = 0
    const { claimed } = await store.claim(claimRequest(startMs, { limit: 200, perOrigin: 300 }))
    assert.equal(claimed.length, 200)
    assert.ok(counted.count <= 15, `${counted.count} exchanges for ${hosts} destinations`)
  }
})

function countingPool() {
  const counted = { count: 0, pool: undefined as unknown as PostgresPool }
  counted.pool = {
    async connect() {
      const client = await pool.connect()
      return {
        query(query) {
          counted.count++
          return client.query(query)
        },
        on: (event, listener) => client.on(event, listener),
        off: (event, listener) => client.off(event, listener),
        release: destroy => client.release(destroy),
      }
    },
  }
  return counted
}
