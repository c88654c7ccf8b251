import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import type { DeliveryStore } from '../../src/lib/delivery/delivery-store.ts'
import type { NewDelivery } from '../../src/lib/delivery/stored-delivery.ts'
import { accepted, newDelivery } from '../../src/lib/store/conformance/rows.ts'
import { postgresStore } from '../../src/lib/store/postgres/postgres-store.ts'
import { startPostgresServer } from '../../test/support/postgres-server.ts'

/**
 * What a delivery costs in PostgreSQL, without HTTP: adding, claiming 256 at a time, and ending them, with durable commits.
 * CPU in microseconds a delivery: of all processes of the server, and of this one.
 *
 *     node bench/postgres/run.ts [deliveries, default 20,000] [waiting rows of a dead destination, default 0]
 */
const [deliveries = 20_000, dead = 0] = process.argv.slice(2).map(Number)
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const server = await startPostgresServer([])
const pool = new pg.Pool({ connectionString: server.connectionString })
// Connections that the server ends last.
pool.on('error', () => {})
const { rows } = await pool.query('select pg_backend_pid() as pid')
const postmaster = parentOf(rows[0].pid)

for (const [prepared, destinations, origins] of [
  [true, 1, 1],
  [true, 1_000, 100],
  [true, 1_000, 1_000],
  [false, 1, 1],
  [false, 1_000, 100],
] as const)
  await measure(prepared, destinations, origins)
await pool.end()
await server.stop()

async function measure(preparedStatements: boolean, destinations: number, origins: number): Promise<void> {
  const schema = `bench_${preparedStatements}_${destinations}_${origins}`
  const { connectionString } = server
  const store = postgresStore({ connectionString, schema, preparedStatements, waitLimitMs: 60_000 })
  const rowTo = (at: number, id = `d${at}`) => {
    const host = `h${at % origins}.example`
    return newDelivery(id, { host, destination: `https://${host}/${at % destinations}` })
  }
  await addAll(
    store,
    Array.from({ length: destinations }, (_, at) => rowTo(at, `known${at}`)),
  )
  await drain(store, 0)
  await addDead(store)
  await pool.query('vacuum analyze')
  const logBefore = await logPosition()
  const adding = await costOf(() =>
    addAll(
      store,
      Array.from({ length: deliveries }, (_, at) => rowTo(at)),
    ),
  )
  await pool.query('vacuum analyze')
  const claims: number[] = []
  const sending = await costOf(() => drain(store, deliveries, claims))
  const log = (await logPosition()) - logBefore
  const disk = await diskOf(schema, deliveries + destinations)
  const retention = await beside(store, rowTo)
  const begun = performance.now()
  const { scheduled, attempting } = await store.counts()
  const parts = [
    `${preparedStatements ? 'prepared' : 'unnamed '}  ${destinations} destinations of ${origins} origins, ${dead} dead rows`,
    `add: server ${adding.server}, client ${adding.client}`,
    `claim and end: server ${sending.server}, client ${sending.client}`,
    `a claim of 256: ${median(claims).toFixed(1)} ms`,
    `${Math.round(deliveries / sending.seconds)}/s`,
    `counts: ${(performance.now() - begun).toFixed(2)} ms`,
    `disk ${disk}; log ${Math.round(log / deliveries)} bytes`,
    retention,
    `left ${scheduled - dead + attempting}`,
  ]
  console.log(parts.join('; '))
  await store.close()
}

async function logPosition(): Promise<number> {
  const { rows } = await pool.query("select pg_current_wal_lsn() - '0/0'::pg_lsn as at")
  return Number(rows[0].at)
}

/** Bytes of a delivery that has ended: with its content, and after its bytes have gone. */
async function diskOf(schema: string, rows: number): Promise<string> {
  const size = async (...tables: readonly string[]) => {
    const { rows: sizes } = await pool.query(
      'select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c where relnamespace = $1::regnamespace and relname = any($2)',
      [schema, tables],
    )
    return Number(sizes[0].bytes) / rows
  }
  const [all, row] = [
    await size('message', 'delivery', 'settled', 'attempt'),
    await size('delivery', 'settled', 'attempt'),
  ]
  return `${Math.round(all)} bytes, ${Math.round(row)} without its message`
}

/** Sends as many again while retention removes the first ones, a piece of at most 1,000 after the other. */
async function beside(store: DeliveryStore, rowTo: (at: number, id: string) => NewDelivery): Promise<string> {
  await addAll(
    store,
    Array.from({ length: deliveries }, (_, at) => rowTo(at, `later${at}`)),
  )
  const [claims, pieces]: [number[], number[]] = [[], []]
  const sending = drain(store, deliveries, claims)
  const cost = await costOf(async () => {
    // Twice a piece: the bytes first, then the rows.
    for (let left = true; left && pieces.length < (2 * deliveries) / 1_000; ) {
      const begun = performance.now()
      left = await store.purge({
        now: Date.now(),
        bytesMs: -1_000,
        webhookMs: -1_000,
        rowsMs: -1_000,
        failedMs: -1_000,
      })
      pieces.push(performance.now() - begun)
    }
    await sending
  })
  return `a claim beside retention: ${median(claims).toFixed(1)} ms, a piece of it ${median(pieces).toFixed(0)} ms (${pieces.length}), all: server ${cost.server}`
}

/** Rows that wait for a destination that is paused. */
async function addDead(store: DeliveryStore): Promise<void> {
  for (let at = 0; at < dead; at += 1_000)
    await addAll(
      store,
      Array.from({ length: Math.min(1_000, dead - at) }, (_, index) => deadRow(at + index)),
    )
  if (dead === 0) return
  const { origin, destination: url } = deadRow(0)
  const change = { kind: 'pause', reason: 'dead', by: 'bench' } as const
  await store.changeDestinations({ origin, url, isBeginning: false, recipient: undefined, change, now: Date.now() })
}

function deadRow(at: number): NewDelivery {
  return newDelivery(`dead${at}`, { host: 'dead.example' })
}

async function addAll(store: DeliveryStore, rows: readonly NewDelivery[]): Promise<void> {
  for (let at = 0; at < rows.length; at += 250) await store.add({ rows: rows.slice(at, at + 250), now: Date.now() })
}

/** Claims and ends so many, or until nothing is left. */
async function drain(store: DeliveryStore, count: number, claims: number[] = []): Promise<void> {
  const many = 100_000
  const lanes = { strangers: many, new: many, newOfAnyGroup: many, first: many }
  const limits = { limit: 256, limitBytes: 1e9, perOrigin: 256, leaseMarginMs: 10_000, lanes }
  for (let done = 0, empty = 0; count === 0 ? empty < 3 : done < count; ) {
    const begun = performance.now()
    const { claimed } = await store.claim({ ...limits, now: Date.now(), running: new Map() })
    if (claimed.length > 200) claims.push(performance.now() - begun)
    empty = claimed.length === 0 ? empty + 1 : 0
    done += claimed.length
    await store.endAttempts({ attempts: claimed.map(accepted), now: Date.now() })
  }
}

async function costOf(work: () => Promise<void>) {
  const [cpu, before, begun] = [process.cpuUsage(), serverTicks(), performance.now()]
  await work()
  const own = process.cpuUsage(cpu)
  const ticks = serverTicks() - before
  return {
    server: (((ticks / ticksPerSecond) * 1e6) / deliveries).toFixed(1),
    client: ((own.user + own.system) / deliveries).toFixed(1),
    seconds: (performance.now() - begun) / 1000,
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function parentOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1])
}

/** Of the postmaster, the children it has buried, and those it has. */
function serverTicks(): number {
  const ticks = (pid: number, buried: boolean) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').map(Number)
    return fields[11]! + fields[12]! + (buried ? fields[13]! + fields[14]! : 0)
  }
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ').map(Number)
  return ticks(postmaster, true) + children.reduce((sum, pid) => sum + ticks(pid, false), 0)
}
