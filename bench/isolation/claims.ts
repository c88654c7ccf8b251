import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { AttemptResult, ClaimedDelivery, DeliveryStore } from 'ringback/delivery'
import { announce, serveCommands } from '../process/parent.ts'
import { shuffled } from '../report/statistics.ts'
import { isOnServer, storeAt } from './engine.ts'

/** The cost of one claim, or of one bare commit; the CPU is that of all threads of the process. */
export interface ClaimCost {
  readonly wallMs: number
  readonly cpuMs: number
}

/** How many times each of them is run, in turn. */
export interface ClaimCosts {
  readonly few: readonly ClaimCost[]
  readonly many: readonly ClaimCost[]
  readonly bareCommit: readonly ClaimCost[]
}

/** First with the dead destination's breaker closed, then with it open. */
export type ClaimCommand = { readonly breaker: 'closed' | 'open'; readonly repetitions: number }

/** Claims from a store with few deliveries waiting for one dead destination, and from one with many. */
const [fewFile = '', manyFile = '', bareFile = ''] = process.argv.slice(2)
const few = storeAt(fewFile, 'caller')
const many = storeAt(manyFile, 'caller')
const bareCommit = isOnServer(bareFile) ? await bareTable() : bareDatabase()
/** Failures at these times, in milliseconds, open a breaker; it is open after the last of them. */
const failuresAtMs = [0, 10_000, 20_000, 30_000]
const openAfterMs = 30_000
const perOrigin = 8
const warmUp = 30
let now = Date.now()

serveCommands<ClaimCommand, ClaimCosts>(async ({ breaker, repetitions }) => {
  if (breaker === 'open') {
    await openBreaker(few)
    await openBreaker(many)
    now += openAfterMs
  }
  if (breaker !== 'open') for (const store of [few, many]) await makeKnown(store)
  const rows = breaker === 'open' ? 0 : perOrigin
  await measure(warmUp, rows)
  return measure(repetitions, rows)
})
announce('ready', async () => void (await Promise.all([few.close(), many.close()])))

async function measure(repetitions: number, rows: number): Promise<ClaimCosts> {
  const costs = { few: [] as ClaimCost[], many: [] as ClaimCost[], bareCommit: [] as ClaimCost[] }
  const cases = {
    few: () => claimAndRelease(few, rows),
    many: () => claimAndRelease(many, rows),
    bareCommit: async () => (await cost(bareCommit)).cost,
  }
  for (let repetition = 0; repetition < repetitions; repetition++)
    for (const name of shuffled(['few', 'many', 'bareCommit'] as const)) costs[name].push(await cases[name]())
  return costs
}

async function claimAndRelease(store: DeliveryStore, rows: number): Promise<ClaimCost> {
  const { cost: claimCost, result } = await cost(() => claim(store, now))
  if (result.length !== rows) throw new Error(`A claim gave ${result.length} deliveries instead of ${rows}`)
  if (rows > 0) await store.release({ leases: result, now })
  return claimCost
}

/** As the worker of an engine with default options claims. */
async function claim(store: DeliveryStore, at: number): Promise<readonly ClaimedDelivery[]> {
  const lanes = { strangers: 64, new: 64, newOfAnyGroup: 64, first: 0 }
  const limits = {
    limit: 64,
    limitBytes: 67_108_864,
    perOrigin,
    running: new Map<string, number>(),
    leaseMarginMs: 10_000,
  }
  return (await store.claim({ now: at, ...limits, lanes })).claimed
}

async function cost<T>(work: () => T | Promise<T>): Promise<{ readonly cost: ClaimCost; readonly result: T }> {
  const started = performance.now()
  const cpuBefore = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(cpuBefore)
  return { cost: { wallMs: performance.now() - started, cpuMs: (user + system) / 1000 }, result }
}

/** Lets the origin respond once: a stranger has one attempt at a time. */
async function makeKnown(store: DeliveryStore): Promise<void> {
  const response = { status: 500, headers: '[]', body: new Uint8Array(), bodyTruncated: false, address: undefined }
  const signals = { destinationSignal: undefined, originSignal: { kind: 'success' } as const }
  const attempts = (await claim(store, now)).map(
    (one): AttemptResult => ({ ...failed(one), ...signals, outcome: 'rejected', response }),
  )
  await store.endAttempts({ attempts, now })
}

/** Records failed attempts as a worker would. */
async function openBreaker(store: DeliveryStore): Promise<void> {
  for (const afterMs of failuresAtMs) {
    const at = now + afterMs
    await store.endAttempts({ attempts: (await claim(store, at)).map(failed), now: at })
  }
  if ((await claim(store, now + openAfterMs)).length > 0) throw new Error('The dead destination has no open breaker')
}

function failed({ id, token }: ClaimedDelivery): AttemptResult {
  const next = { state: 'scheduled', delayMs: 3_600_000, usesRetry: true } as const
  const signal = { kind: 'failure' } as const
  const signals = { destinationSignal: signal, originSignal: signal }
  return {
    id,
    token,
    outcome: 'unreachable',
    response: undefined,
    error: 'The connection was refused',
    next,
    ...signals,
  }
}

/** The least cost of a durable change: one small row in a commit of its own, as durable as the store's commits. */
function bareDatabase(): () => unknown {
  const database = new DatabaseSync(bareFile)
  database.exec('pragma journal_mode = wal; pragma synchronous = full; create table bare (value integer) strict')
  const insert = database.prepare('insert into bare (value) values (1)')
  return () => insert.run()
}

/** The same on a server. */
async function bareTable(): Promise<() => unknown> {
  const client = new pg.Client({ connectionString: bareFile })
  await client.connect()
  await client.query('create table bare (value int)')
  return () => client.query({ name: 'bare', text: 'insert into bare (value) values (1)' })
}
