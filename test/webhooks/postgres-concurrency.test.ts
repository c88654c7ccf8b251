import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pg from 'pg'
import type { DeliveryStore } from '../../src/lib/delivery/delivery-store.ts'
import { accepted, claimRequest, failed, startMs as now } from '../../src/lib/store/conformance/rows.ts'
import type { PostgresPool } from '../../src/lib/store/postgres/connection/postgres-client.ts'
import { postgresStore } from '../../src/lib/store/postgres/postgres-store.ts'
import { startPostgres } from '../support/postgres-server.ts'
import { newEndpoint, newMessage } from './webhook-rows.ts'

const server = await startPostgres()
const pool = new pg.Pool({ connectionString: server.connectionString, max: 24 })
after(async () => {
  await pool.end()
  await server.stop()
})

let schemas = 0

/** Stores of several processes in one schema, with its name. */
async function stores(count: number, own: PostgresPool = pool) {
  const schema = `hooks_${++schemas}`
  const all = Array.from({ length: count }, (_, at) =>
    postgresStore({ pool: at === 0 ? pool : own, schema, time: 'caller' }),
  )
  const [one] = all
  await one!.migrate()
  return { schema, all, one: one! as DeliveryStore, close: () => Promise.all(all.map(store => store.close())) }
}

async function register(store: DeliveryStore, count: number, given: (at: number) => Parameters<typeof newEndpoint>[1]) {
  const add = (at: number) => store.addEndpoint({ endpoint: newEndpoint(`e${at}`, given(at)), limit: undefined, now })
  await Promise.all(Array.from({ length: count }, (_, at) => add(at)))
}

/** Makes what is to be made until nothing is left, and counts it. */
async function expand(store: DeliveryStore, limit: number): Promise<number> {
  let made = 0
  for (;;) {
    const some = await store.continueFanouts({ limit, now })
    if (some === undefined) return made
    made += some
  }
}

test('a message that two purges at once left behind goes when none of its deliveries can be there any more', async () => {
  const { schema, one, close } = await stores(1)
  await register(one, 2, () => ({}))
  await one.add({ rows: [newMessage('m', { owner: 'a' })], now })
  const { claimed } = await one.claim(claimRequest(now))
  await one.endAttempts({ attempts: claimed.map(accepted), now })
  const day = 86_400_000
  const purge = (days: number) => {
    const times = { bytesMs: 7 * day, webhookMs: 14 * day, rowsMs: 30 * day, failedMs: 90 * day }
    return one.purge({ ...times, now: now + days * day })
  }
  const isThere = async () => (await one.findMessage({ id: 'm', owner: 'a' })) !== undefined
  await purge(15)
  const other = await pool.connect()
  const first = `(select min(number) from ${schema}.delivery)`
  await other.query(`begin; delete from ${schema}.settled where delivery = ${first}`)
  await other.query(`delete from ${schema}.delivery where number = ${first}`)
  await purge(31)
  await other.query('commit')
  other.release()
  assert.deepEqual([claimed.length, (await one.list({ limit: 9 })).items.length, await isThere()], [2, 0, true])
  await purge(103)
  assert.equal(await isThere(), true)
  await purge(105)
  assert.equal(await isThere(), false)
  await close()
})

test('a limit holds for twenty creates of one owner at once, in several processes', async () => {
  const { all, one, close } = await stores(5)
  await register(one, 3, () => ({}))
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      all[at % 5]!.addEndpoint({ endpoint: newEndpoint(`new${at}`), limit: 4, now }),
    ),
  )
  assert.equal(results.filter(result => 'added' in result).length, 1)
  assert.equal(results.filter(result => 'limit' in result).length, 19)
  const keyed = { owner: 'b', createKey: 'k', createDigest: 'd' }
  const repeated = await Promise.all(
    all.map((store, at) => store.addEndpoint({ endpoint: newEndpoint(`key${at}`, keyed), limit: 4, now })),
  )
  assert.equal(repeated.filter(result => 'added' in result).length, 1)
  const ids = repeated.map(result => ('added' in result ? result.added.id : 'known' in result ? result.known.id : ''))
  assert.equal(new Set(ids).size, 1)
  await close()
})

test('one message is made of one key that ten processes send at once', async () => {
  const { all, one, close } = await stores(10)
  await register(one, 2, () => ({}))
  const key = { idempotencyKey: 'k', digest: 'd' }
  const results = await Promise.all(
    all.map((store, at) => store.add({ rows: [newMessage(`m${at}`, { owner: 'a' }, key)], now })),
  )
  const added = results.flatMap(result => ('added' in result ? result.added : []))
  assert.equal(added.length, 10)
  assert.equal(added.filter(({ repeated }) => !repeated).length, 1)
  assert.equal(new Set(added.map(({ id }) => id)).size, 1)
  assert.equal((await one.counts()).scheduled, 2)
  await close()
})

test('workers make the deliveries of several messages at once, each of them once', async () => {
  const { all, one, close } = await stores(4)
  await register(one, 30, at => ({ owner: `o${at % 3}` }))
  const rows = [newMessage('m0'), newMessage('m1'), newMessage('m2', { owner: 'o1' }), newMessage('m3')]
  await one.add({ rows, now })
  const atOnce = (await one.counts()).scheduled
  assert.equal(atOnce, 10)
  const made = await Promise.all(all.map(store => expand(store, 7)))
  // Who finds what is left locked leaves it to the others
  made.push(await expand(one, 7))
  assert.equal(
    made.reduce((sum, some) => sum + some),
    90,
  )
  assert.equal((await one.counts()).scheduled, 100)
  for (const id of ['m0', 'm1', 'm3'])
    assert.equal((await one.findMessage({ id, owner: '' }))?.deliveries.scheduled, 30)
  await close()
})

test('whatever statement of a piece a worker dies at, each endpoint gets the message once', async () => {
  let left = Number.POSITIVE_INFINITY
  /** Connections that break before the statement whose turn it is. */
  const dying: PostgresPool = {
    async connect() {
      const client = await pool.connect()
      const query = (asked: Parameters<typeof client.query>[0]) => {
        if (left-- > 0) return client.query(asked)
        throw Object.assign(new Error('Connection terminated'), { code: 'ECONNRESET' })
      }
      return {
        query: query as never,
        on: client.on.bind(client) as never,
        off: client.off.bind(client) as never,
        release: (destroy?: boolean) => client.release(destroy ?? false),
      }
    },
  }
  const { all, one, close } = await stores(2, dying)
  await register(one, 20, () => ({}))
  await one.add({ rows: [newMessage('m')], now })
  for (let statements = 0; ; statements++) {
    left = statements
    const some = await all[1]!.continueFanouts({ limit: 4, now }).catch(() => 0)
    left = Number.POSITIVE_INFINITY
    if (statements === 60) break
    if (some !== undefined && some > 0) assert.equal(some, 4)
  }
  // The server may not have noticed yet that the last connection is gone, and what that had locked is left out until then
  while ((await one.findMessage({ id: 'm', owner: '' }))?.expanded === false)
    await one.continueFanouts({ limit: 4, now })
  const shown = await one.findMessage({ id: 'm', owner: '' })
  assert.deepEqual([shown?.expanded, shown?.deliveries.scheduled, (await one.counts()).scheduled], [true, 20, 20])
  await close()
})

test('what was being sent to an endpoint while that was disabled is not sent, also where it is enabled again', async () => {
  const { one, close } = await stores(1)
  await register(one, 2, () => ({}))
  const client = await pool.connect()
  await client.query('begin')
  await one.add({ rows: [newMessage('late', { owner: 'a' })], now, transaction: client })
  const disabled = await one.changeEndpoint({ id: 'e0', revision: 0, values: { disabledReason: 'owner' }, now })
  assert.ok(typeof disabled === 'object')
  while (await one.cancelStale({ limit: 10, now }));
  const values = { disabledReason: undefined }
  assert.ok(typeof (await one.changeEndpoint({ id: 'e0', revision: 1, values, now })) === 'object')
  await client.query('commit')
  client.release()
  await one.add({ rows: [newMessage('next', { owner: 'a' })], now })
  const late = `late_${newEndpoint('e0').tag}`
  assert.equal((await one.get(late))?.state, 'cancelled')
  const { claimed } = await one.claim(claimRequest(now))
  assert.deepEqual(claimed.map(({ id, endpoint }) => `${id.split('_')[0]} ${endpoint?.id}`).sort(), ['late e1'])
  await one.endAttempts({ attempts: claimed.map(accepted), now })
  while (await one.cancelStale({ limit: 10, now }));
  assert.equal((await one.get(late))?.reason, 'endpoint-disabled')
  const sent: string[] = []
  for (let round = 0; round < 3; round++) {
    const { claimed } = await one.claim(claimRequest(now))
    sent.push(...claimed.map(({ id }) => id))
    await one.endAttempts({ attempts: claimed.map(accepted), now })
  }
  assert.deepEqual(
    sent.map(id => id.split('_')[0]),
    ['next', 'next'],
  )
  const counts = await one.counts()
  assert.deepEqual([counts.scheduled, counts.cancelled, counts.delivered], [0, 1, 3])
  await close()
})

test('a claim leaves what was cancelled, also before anybody could note that it came', async () => {
  const { schema, one, close } = await stores(1)
  await register(one, 1, () => ({}))
  const [sender, other] = [await pool.connect(), await pool.connect()]
  await sender.query('begin')
  await one.add({ rows: [newMessage('late', { owner: 'a' })], now, transaction: sender })
  const [disabledReason, revision] = ['owner', 0] as const
  await one.changeEndpoint({ id: 'e0', revision, values: { disabledReason }, now })
  while (await one.cancelStale({ limit: 10, now }));
  await one.changeEndpoint({ id: 'e0', revision: 1, values: { disabledReason: undefined }, now })
  await one.add({ rows: [newMessage('next', { owner: 'a' })], now })
  await one.destinations({ limit: 1, now })
  await sender.query('commit')
  await other.query('begin')
  await other.query(`select number from ${schema}.arrival for update`)
  const claimed: string[] = []
  for (let round = 0; round < 2; round++) {
    const { claimed: some } = await one.claim(claimRequest(now))
    claimed.push(...some.map(({ id }) => id))
    await one.endAttempts({ attempts: some.map(accepted), now })
  }
  await other.query('rollback')
  for (const client of [sender, other]) client.release()
  assert.ok(!claimed.some(id => id.startsWith('late')), String(claimed))
  await one.claim(claimRequest(now))
  while (await one.cancelStale({ limit: 10, now }));
  await one.endAttempts({ attempts: (await one.claim(claimRequest(now))).claimed.map(accepted), now })
  const counts = await one.counts()
  assert.deepEqual([counts.scheduled, counts.cancelled, counts.delivered], [0, 1, 1])
  await close()
})

test('endpoints are disabled and enabled while messages are made and sent: everything settles', async () => {
  const { schema, all, one, close } = await stores(4)
  await register(one, 12, () => ({}))
  await one.add({ rows: [newMessage('m0'), newMessage('m1'), newMessage('m2')], now })
  const switchAll = async (store: DeliveryStore) => {
    for (let at = 0; at < 12; at++) {
      const request = { id: `e${at}`, revision: 0, now }
      assert.ok(typeof (await store.changeEndpoint({ ...request, values: { disabledReason: 'owner' } })) === 'object')
      await store.cancelStale({ limit: 5, now })
      const again = { ...request, revision: 1, values: { disabledReason: undefined } }
      assert.ok(typeof (await store.changeEndpoint(again)) === 'object')
    }
  }
  const claimed: string[] = []
  const work = async (store: DeliveryStore, rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      const found = await store.claim(claimRequest(now, { limit: 16 }))
      claimed.push(...found.claimed.map(({ id }) => id))
      await store.endAttempts({ attempts: found.claimed.map(accepted), now })
    }
  }
  await Promise.all([expand(all[0]!, 5), expand(all[1]!, 5), switchAll(all[2]!), work(all[3]!, 4)])
  await expand(one, 50)
  while (await one.cancelStale({ limit: 50, now }));
  for (let before = -1; before < claimed.length; ) {
    before = claimed.length
    await work(one, 2)
    while (await one.cancelStale({ limit: 50, now }));
  }
  assert.equal(new Set(claimed).size, claimed.length)
  const counts = await one.counts()
  assert.deepEqual([counts.scheduled, counts.attempting, counts.delivered], [0, 0, claimed.length])
  const left = await pool.query(`select number from ${schema}.queue
    union all select number from ${schema}.destination where cancelling = 1 union all select number from ${schema}.arrival`)
  assert.deepEqual(left.rows, [])
  await close()
})

test('an endpoint moves to other origins while it is sent to', async () => {
  const { all, one, close } = await stores(4)
  await register(one, 3, () => ({ url: 'https://first.example/hooks', origin: 'https://first.example' }))
  const sent: string[] = []
  const refused = (lease: Parameters<typeof failed>[0]) => ({ ...failed(lease), destinationSignal: undefined })
  let isOver = false
  const sendMany = async () => {
    for (let at = 0; at < 20; at++) await one.add({ rows: [newMessage(`m${at}`, { owner: 'a' })], now })
  }
  const move = async (store: DeliveryStore) => {
    for (let at = 0; at < 8; at++) {
      const id = `e${at % 3}`
      const { revision = 0 } = (await store.findEndpoint({ id, owner: '' })) ?? {}
      const origin = `https://host${at % 4}.example`
      const values = { url: `${origin}/hooks`, origin }
      const moved = await store.changeEndpoint({ id, revision, values, now })
      assert.ok(typeof moved === 'object' && moved.url === values.url)
    }
  }
  const work = async (store: DeliveryStore) => {
    for (let empty = 0; empty < 3 || !isOver; ) {
      const { claimed } = await store.claim(claimRequest(now, { limit: 8 }))
      sent.push(...claimed.map(({ id }) => id))
      const end = claimed.map((lease, at) => ({ ...(at % 3 === 2 ? refused : accepted)(lease), url: lease.url }))
      await store.endAttempts({ attempts: end, now })
      empty = claimed.length === 0 ? empty + 1 : 0
    }
  }
  await Promise.all([
    Promise.all([sendMany(), move(all[1]!)]).then(() => {
      isOver = true
    }),
    work(all[2]!),
    work(all[3]!),
  ])
  await work(one)
  const counts = await one.counts()
  assert.deepEqual([counts.delivered + counts.failed, counts.scheduled, counts.attempting], [60, 0, 0])
  assert.equal(new Set(sent).size, 60)
  await close()
})

test('an endpoint that is gone is disabled once, and told of once, whoever else ends attempts at it', async () => {
  const { all, one, close } = await stores(3)
  await register(one, 2, () => ({ url: 'https://same.example/hooks', origin: 'https://same.example' }))
  await one.add({ rows: Array.from({ length: 8 }, (_, at) => newMessage(`m${at}`, { owner: 'a' })), now })
  const [first] = (await one.claim(claimRequest(now))).claimed
  await one.endAttempts({ attempts: [accepted(first!)], now })
  const leases = await Promise.all(all.map(store => store.claim(claimRequest(now, { limit: 4 }))))
  const rules = { failingAfterMs: 1_000, disableAfterMs: 1_000, disableAfterAttempts: 10 }
  const ended = (lease: (typeof leases)[number]['claimed'][number]) =>
    lease.endpoint?.id === 'e0'
      ? {
          ...failed(lease),
          url: lease.url,
          endpointSignal: { kind: 'gone', outcome: 'rejected', status: 410, rules } as const,
        }
      : { ...accepted(lease), url: lease.url }
  await Promise.all(all.map((store, at) => store.endAttempts({ attempts: leases[at]!.claimed.map(ended), now })))
  const gone = leases.flatMap(({ claimed }) => claimed.filter(({ endpoint }) => endpoint?.id === 'e0')).length
  const notices = await one.claimNotices({ now, limit: 10, leaseMs: 1_000 })
  assert.deepEqual(
    notices.map(({ kind, endpoint }) => [kind, endpoint.id]),
    [['disabled', 'e0']],
  )
  const shown = await one.findEndpoint({ id: 'e0', owner: 'a' })
  assert.deepEqual([shown?.disabledReason, shown?.failedAttempts, shown?.revision], ['gone', gone, 1])
  assert.equal((await one.findEndpoint({ id: 'e1', owner: 'a' }))?.failedAttempts, 0)
  assert.deepEqual(await all[1]!.claimNotices({ now, limit: 10, leaseMs: 1_000 }), [])
  while (await one.cancelStale({ limit: 3, now }));
  const counts = await one.counts()
  assert.equal(counts.cancelled + counts.failed + counts.delivered + counts.scheduled, 16)
  assert.equal((await one.claim(claimRequest(now))).claimed.filter(({ endpoint }) => endpoint?.id === 'e0').length, 0)
  await close()
})
