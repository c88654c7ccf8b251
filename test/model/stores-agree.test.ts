import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { array, asyncProperty, boolean, assert as check, constantFrom, integer, oneof, record } from 'fast-check'
import pg from 'pg'
import type { DeliveryStore } from '../../src/lib/delivery/delivery-store.ts'
import type { UnhandledOutage } from '../../src/lib/delivery/handlers/handler-requests.ts'
import type { AttemptResult, NewDelivery } from '../../src/lib/delivery/stored-delivery.ts'
import {
  accepted,
  claimRequest,
  failed,
  newDelivery,
  rejected,
  startMs,
  unreachable,
} from '../../src/lib/store/conformance/rows.ts'
import { sqliteStore } from '../../src/lib/store/sqlite/sqlite-store.ts'
import { emptiedPostgresStores } from '../support/emptied-postgres-store.ts'
import { sharedPostgresVariable, startPostgres } from '../support/postgres-server.ts'
import { LiveLeases } from './live-leases.ts'
import { modelStore } from './model-store.ts'

/** A step of a random story; the numbers choose among the existing things. */
interface Step {
  readonly kind:
    | 'hold'
    | 'makeDue'
    | 'takeBack'
    | 'add'
    | 'claim'
    | 'settle'
    | 'release'
    | 'cancel'
    | 'replay'
    | 'erase'
    | 'purge'
    | 'find'
    | 'sendNow'
    | 'startReplay'
    | 'continueReplays'
    | 'rotate'
    | 'keys'
    | 'handlers'
    | 'endHandlers'
    | 'outages'
    | 'endOutages'
    | 'pass'
    | 'setBack'
    | 'change'
    | 'pauseAll'
  readonly a: number
  readonly b: number
  readonly flag: boolean
}

interface Lease {
  readonly id: string
  readonly token: number
}

/** What the story has made so far; both stores get the same calls. */
interface Story {
  now: number
  ids: string[]
  leases: Lease[]
  readonly outages: UnhandledOutage[]
  readonly live: LiveLeases
}

const hosts = ['a.example', 'b.example', 'c.example', 'x.d.example', 'y.d.example', 'z.d.example']
const recipients = ['one', 'two', 'three']
const secretOwners = [...recipients, 'https://a.example/events']
/** The time limit of every delivery, and the margin of every claim. */
const leaseMs = 25_000
const states = [
  'failed',
  'delivered',
  ['failed', 'cancelled'],
  ['scheduled', 'attempting', 'delivered'],
  undefined,
] as const
const waits = [0, 1_000, 10_000, 30_000, 120_000]

const ends: readonly ((lease: Lease) => AttemptResult)[] = [
  accepted,
  failed,
  lease => rejected(lease, 5_000),
  lease => unreachable(lease, 1_000),
  lease => ({ ...unreachable(lease, 0), outcome: 'timed-out', originSignal: undefined }),
  lease => ({ ...unreachable(lease, 0), outcome: 'abandoned', destinationSignal: undefined, originSignal: undefined }),
  lease => ({ ...unreachable(lease, 5_000), outcome: 'refused', originSignal: undefined }),
  lease => ({ ...rejected(lease, 0), destinationSignal: { kind: 'slow' } }),
  lease => ({ ...rejected(lease, 0), destinationSignal: { kind: 'slow', retryAfterMs: 60_000 } }),
  lease => ({ ...accepted(lease), next: { state: 'delivered', responseValid: false, responseLeaseMs: 60_000 } }),
  lease => ({ ...failed(lease), next: { state: 'failed', failedLeaseMs: 1_000 } }),
  lease => ({ ...failed(lease), next: { state: 'blocked', failedLeaseMs: 30_000 } }),
]

function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(list.length, 1)]
}

/** Some ask for a time, some for a wait, and few for both. */
function times(number: number, now: number) {
  return {
    dueAt: number % 7 === 0 ? now + 5_000 : undefined,
    delayMs: number % 6 === 0 ? 10_000 : undefined,
  }
}

function rowOf({ a, b, flag }: Step, now: number, number: number): NewDelivery {
  const given = {
    host: pick(hosts, a),
    orderingKey: flag ? pick(['x', 'y'], b) : undefined,
    ...(b % 5 === 0 && { idempotencyKey: `key${a % 2}`, digest: `digest${b % 2}` }),
    ...times(b, now),
    ...(a % 5 === 0 && { expiresAt: now + (pick(waits, b) ?? 0) + 5_000 }),
    ...(b % 11 === 0 && { content: Buffer.from(`sealed${a}`), isSealed: true }),
    ...(a % 4 === 0 && { recipient: pick(recipients, b) ?? 'one' }),
  }
  const path = b % 3 === 0 ? { destination: `https://${given.host}/other` } : {}
  const { host = 'a.example', ...rest } = given
  return newDelivery(`d${number}`, { host, ...rest, ...path })
}

const actions: Readonly<Record<Step['kind'], (store: DeliveryStore, step: Step, story: Story) => Promise<unknown>>> = {
  add: (store, step, { now, ids }) => store.add({ rows: [rowOf(step, now, ids.length)], now }),
  hold: (store, step, { now, ids }) =>
    store.add({ rows: [rowOf(step, now, ids.length)], now, heldUntil: now + 60_000 }),
  makeDue: (store, { a, b }, { now, ids }) =>
    store.makeDue({ deliveries: [{ id: pick(ids, a) ?? 'none', ...times(b, now) }], now }),
  takeBack: (store, { a, b }, { now, ids }) =>
    store.takeBack({ ids: [pick(ids, a) ?? 'none', pick(ids, b) ?? 'none'], now }),
  claim: (store, { a, b, flag }, { now, leases }) =>
    store.claim(
      claimRequest(now, {
        ratePerSecond: pick([undefined, undefined, 0.5, 45], a),
        alive: flag && a % 3 === 0 ? leases.slice(0, b % 3) : undefined,
        limit: (a % 5) + 1,
        perOrigin: (b % 3) + 1,
        running: new Map([[`https://${pick(hosts, b)}`, a % 2]]),
        lanes: { strangers: b % 5, new: a % 4, newOfAnyGroup: b % 3, first: a % 3 },
        limitBytes: a % 11 === 0 ? 20 : 1_000,
      }),
    ),
  settle(store, { a, b }, { leases, now }) {
    const lease = pick(leases, a)
    const end = pick(ends, b)
    return store.endAttempts({ attempts: lease && end ? [end(lease)] : [], now })
  },
  release(store, { a }, { leases, now }) {
    const lease = pick(leases, a)
    return store.release({ leases: lease ? [lease] : [], now })
  },
  cancel: (store, { a }, { ids, now }) => store.cancel({ id: pick(ids, a) ?? 'none', now }),
  replay: (store, { a, flag }, { ids, now }) =>
    store.replay({ id: pick(ids, a) ?? 'none', newId: flag ? `d${ids.length}` : undefined, now }),
  erase: (store, { a }, { ids, now }) =>
    store.erase({ url: `https://${pick(hosts, a)}/events/${pick(ids, a)}`, now, limit: 1 }),
  purge: (store, { a }, { now }) =>
    store.purge({ now, bytesMs: 20_000, webhookMs: 20_000, rowsMs: a % 2 ? 60_000 : 1e12, failedMs: 200_000 }),
  find: (store, { a, b, flag }) =>
    store.list({
      ...{ limit: 50, state: pick(states, a) },
      ...(b % 3 === 0 && { attempted: flag }),
      ...(b % 4 === 0 && { destination: `https://${pick(hosts, a)}/events` }),
      ...(b % 5 === 0 && { recipient: pick(recipients, a) ?? 'one' }),
      ...(b % 7 === 0 && { id: `d${a % 3}` }),
      ...(b % 8 === 0 && { idempotencyKey: 'key' }),
    }),
  sendNow: (store, { a }, { ids, now }) => store.sendNow({ id: pick(ids, a) ?? 'none', now }),
  startReplay: (store, { a, b, flag }, { ids, now }) =>
    store.startReplay({ id: `r${ids.length}`, filter: { state: pick(states, a), id: `d${b % 9}` }, newId: flag, now }),
  continueReplays: (store, { a, b }, { ids, now }) =>
    store.continueReplays({ now, newIds: Array.from({ length: (b % 3) + 1 }, (_, at) => `n${ids.length}.${a}.${at}`) }),
  rotate: (store, { a, b }, { now }) =>
    store.rotateSecret({ recipient: pick(secretOwners, a) ?? 'one', overlapMs: pick(waits, b) ?? 0, now }),
  keys: (store, { a, b, flag }) => store.useKeys({ ids: [`key${a % 3}`, `key${b % 5}`], adopt: flag && a % 4 === 0 }),
  handlers: (store, { a }, { now }) => store.claimHandlers({ now, limit: (a % 3) + 1, leaseMs: pick(waits, a) ?? 0 }),
  endHandlers: (store, { a, b, flag }, { leases, now }) => {
    const lease = pick(leases, a)
    return store.endHandlers({
      handlers: lease ? [{ ...lease, againInMs: flag ? pick(waits, b) : undefined }] : [],
      now,
    })
  },
  outages: (store, { a, b }, { now }) =>
    store.claimOutages({ now, limit: (a % 3) + 1, leaseMs: pick(waits, a) ?? 0, afterMs: pick(waits, b) ?? 0 }),
  endOutages: (store, { a, b, flag }, { outages, now }) => {
    const outage = pick(outages, a)
    const againInMs = flag ? pick(waits, b) : undefined
    return store.endOutages({ outages: outage ? [{ ...outage, againInMs }] : [], now })
  },
  pass: async () => undefined,
  change(store, { a, b, flag }, { now }) {
    const host = `https://${pick(hosts, b)}`
    const kinds = [
      { kind: 'pause', reason: 'r', by: 'b' },
      { kind: 'resume' },
      { kind: 'resume' },
      { kind: 'rate', ratePerSecond: 2 },
      { kind: 'rate', ratePerSecond: undefined },
    ] as const
    return store.changeDestinations({
      origin: host,
      url: a % 4 === 0 ? host : `${host}/events`,
      isBeginning: a % 4 === 0,
      recipient: flag ? pick(recipients, b) : undefined,
      change: pick(kinds, a) ?? kinds[1],
      now,
    })
  },
  pauseAll: (store, { a }, { now }) =>
    store.pauseSending({ pause: a % 4 === 0 ? { reason: 'r', by: 'b' } : undefined, now }),
  // Any method will do that tells the time
  setBack: (store, { b }, { now }) => store.makeDue({ deliveries: [], now: now - (pick(waits, b) ?? 0) }),
}

const madeBy = new Set<Step['kind']>(['add', 'hold', 'replay', 'startReplay', 'continueReplays'])

/** Keeps the ids and leases of the first store; the second one must give the same. */
function remember(step: Step, result: unknown, story: Story): void {
  if (step.kind === 'outages') story.outages.push(...(result as UnhandledOutage[]))
  if (step.kind === 'pass') story.now += pick(waits, step.a) ?? 0
  if (step.kind === 'setBack') {
    story.now -= pick(waits, step.b) ?? 0
    story.live.setBack(story.now)
  }
  if (madeBy.has(step.kind)) story.ids.push(`d${story.ids.length}`)
  if (typeof result === 'object' && result !== null && 'claimed' in result && Array.isArray(result.claimed)) {
    story.live.claimed(result.claimed, story.now, leaseMs)
    story.leases.push(...result.claimed.map(({ id, token }: Lease) => ({ id, token })))
  } else rememberEnd(step, story)
}

/** What a step may have ended, whether it did or not. */
function rememberEnd({ kind, a }: Step, { ids, leases, live }: Story): void {
  const [lease, id] = [pick(leases, a), pick(ids, a)]
  if ((kind === 'settle' || kind === 'release') && lease !== undefined) live.ended(lease.id, lease.token)
  if (kind === 'cancel' && id !== undefined) live.ended(id)
  if (kind === 'erase' && id !== undefined) for (const other of ids) if (other.startsWith(id)) live.ended(other)
}

/** Bytes of both stores as text, so that a Buffer and a Uint8Array with the same content are the same. */
function plain(value: unknown): unknown {
  // A clone has no Buffers: they have a `toJSON` of their own.
  const clone = structuredClone(value ?? null)
  return JSON.parse(JSON.stringify(clone, (_, inner) => (inner instanceof Uint8Array ? [...inner] : inner)))
}

async function everything(store: DeliveryStore, now: number) {
  const { items } = await store.list({ limit: 1_000 })
  const { items: destinations } = await store.destinations({ limit: 100, now })
  return {
    destinations,
    stats: await store.stats({ now: startMs + 10 * 3_600_000 }),
    counts: await store.counts(),
    deliveries: await Promise.all(items.map(({ id }) => store.get(id))),
  }
}

const kinds = [
  'add',
  'add',
  'add',
  'claim',
  'claim',
  'settle',
  'settle',
  'settle',
  'release',
  'cancel',
  'replay',
  'hold',
  'makeDue',
  'takeBack',
] as const
const step = record({
  kind: oneof(
    constantFrom(...kinds),
    constantFrom(
      'erase',
      'purge',
      'rotate',
      'keys',
      'pass',
      'pass',
      'setBack',
      'change',
      'change',
      'pauseAll',
      'find',
      'sendNow',
      'startReplay',
      'continueReplays',
      'handlers',
      'endHandlers',
      'outages',
      'endOutages',
      'pass',
      'pass',
    ),
  ),
  a: integer({ min: 0, max: 50 }),
  b: integer({ min: 0, max: 50 }),
  flag: boolean(),
})

async function agree(numRuns: number, makeStore: () => DeliveryStore | Promise<DeliveryStore>): Promise<void> {
  await check(
    asyncProperty(array(step, { minLength: 10, maxLength: 60 }), async steps => {
      const model = modelStore()
      const store = await makeStore()
      const story: Story = { now: startMs, ids: [], leases: [], outages: [], live: new LiveLeases() }
      for (const each of steps) {
        const expected = await actions[each.kind](model, each, story)
        const given = await actions[each.kind](store, each, story)
        assert.deepEqual(plain(given), plain(expected))
        remember(each, expected, story)
      }
      assert.deepEqual(plain(await everything(store, story.now)), plain(await everything(model, story.now)))
      await store.close()
    }),
    { numRuns },
  )
}

test('the model and sqliteStore with a connection give the same results for every story', () =>
  agree(150, () => sqliteStore({ database: new DatabaseSync(':memory:') })))

test('the model and sqliteStore with a path give the same results for every story', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  let stories = 0
  await agree(30, () => sqliteStore({ path: join(folder, `${++stories}.sqlite`) }))
})

const withoutPostgres = process.env[sharedPostgresVariable] === '' && 'PostgreSQL does not start here'
test('the model and postgresStore give the same results for every story', { skip: withoutPostgres }, async t => {
  const server = await startPostgres()
  const pool = new pg.Pool({ connectionString: server.connectionString, max: 5 })
  t.after(async () => {
    await pool.end()
    await server.stop()
  })
  await agree(40, emptiedPostgresStores(pool, 'ringback'))
})
