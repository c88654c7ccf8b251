import pg from 'pg'
import { restsAfterPurge } from '../../src/lib/delivery/background/create-background.ts'
import { rest } from '../../src/lib/delivery/background/rest.ts'
import type { DeliveryStore } from '../../src/lib/delivery/delivery-store.ts'
import type { ClaimedDelivery } from '../../src/lib/delivery/stored-delivery.ts'
import { accepted, newDelivery } from '../../src/lib/store/conformance/rows.ts'
import { postgresStore } from '../../src/lib/store/postgres/postgres-store.ts'
import { startPostgresServer } from '../../test/support/postgres-server.ts'
import { machine } from '../report/machine.ts'
import { medianAndRange, quantile } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'

/**
 * What retention does to those that send: claims and ends, 64 at a time, without HTTP and with durable commits, alone and
 * while deliveries that are too old are removed as a worker does it; in turn, in rounds.
 *
 *     node bench/postgres/retention.ts [old deliveries, default 100,000] [rounds, default 3] [deliveries, default 10,000]
 */
const [old = 100_000, rounds = 3, deliveries = 10_000] = process.argv.slice(2).map(Number)
const [limit, destinations, origins] = [64, 100, 10]
const dayMs = 24 * 3_600_000
const before = machine()
const server = await startPostgresServer([])
const pool = new pg.Pool({ connectionString: server.connectionString })
// Connections that the server ends last.
pool.on('error', () => {})
const store = postgresStore({
  connectionString: server.connectionString,
  preparedStatements: true,
  waitLimitMs: 60_000,
})

interface Sent {
  readonly claimP50: number
  readonly claimP99: number
  readonly perSecond: number
  readonly removed: number
}

await addAll('known', destinations)
await send(destinations)
await makeOld()
const [alone, beside]: [Sent[], Sent[]] = [[], []]
for (let round = 0; round < rounds; round++)
  for (const purges of [false, true]) {
    await addAll(`r${round}${purges}n`, deliveries)
    await pool.query('vacuum analyze')
    ;(purges ? beside : alone).push(await measure(purges))
  }
console.log(before)
console.log(`${old} old deliveries; ${deliveries} sent in each round; ${rounds} rounds`)
const row = (name: string, all: readonly Sent[]) => [
  name,
  ...(['claimP50', 'claimP99', 'perSecond', 'removed'] as const).map(key =>
    medianAndRange(
      all.map(each => each[key]),
      key.startsWith('claim') ? 1 : 0,
    ),
  ),
]
const ratio = (key: keyof Sent) => medianAndRange(beside.map((each, at) => each[key] / alone[at]![key]))
printTable(
  ['', 'claim p50, ms', 'claim p99, ms', 'deliveries/s', 'removed meanwhile'],
  [
    row('alone', alone),
    row('beside retention', beside),
    ['ratio', ...(['claimP50', 'claimP99', 'perSecond'] as const).map(ratio), ''],
  ],
)
await store.close()
await pool.end()
await server.stop()

async function measure(purges: boolean): Promise<Sent> {
  const left = await countOld()
  const sending = { goesOn: true }
  const purging = purges ? purge(sending) : undefined
  const begun = performance.now()
  const claims = await send(deliveries)
  const perSecond = (deliveries / (performance.now() - begun)) * 1_000
  sending.goesOn = false
  await purging
  const removed = left - (await countOld())
  return { claimP50: quantile(claims, 0.5), claimP99: quantile(claims, 0.99), perSecond, removed }
}

async function purge(sending: { readonly goesOn: boolean }): Promise<void> {
  for (let more = true; more && sending.goesOn; ) {
    const begun = performance.now()
    more = await store.purge({ now: Date.now(), bytesMs: dayMs, webhookMs: dayMs, rowsMs: dayMs, failedMs: dayMs })
    await rest(performance.now() - begun, restsAfterPurge)
  }
}

async function countOld(): Promise<number> {
  const { rows } = await pool.query("select count(*) as count from ringback.delivery where id like 'old%'")
  return Number(rows[0].count)
}

/** Claims and ends so many, as a worker does: what ended is ended in the transaction of the next claim. */
async function send(count: number): Promise<readonly number[]> {
  const many = 100_000
  const lanes = { strangers: many, new: many, newOfAnyGroup: many, first: many }
  const request = { limit, limitBytes: 1e9, perOrigin: limit, leaseMarginMs: 10_000, lanes, running: new Map() }
  const claims: number[] = []
  for (let done = 0, running: readonly ClaimedDelivery[] = []; done < count || running.length > 0; ) {
    const now = Date.now()
    const begun = performance.now()
    const [, { claimed }] = await Promise.all([
      store.endAttempts({ attempts: running.map(accepted), now }),
      store.claim({ ...request, now }),
    ])
    if (claimed.length > 0) claims.push(performance.now() - begun)
    running = claimed
    done += claimed.length
  }
  return claims
}

async function addAll(name: string, count: number): Promise<void> {
  const to = (at: number) => {
    const host = `h${at % origins}.example`
    return newDelivery(`${name}${at}`, { host, destination: `https://${host}/${at % destinations}` })
  }
  const adding: Parameters<DeliveryStore['add']>[0]['rows'] = Array.from({ length: count }, (_, at) => to(at))
  for (let at = 0; at < count; at += 250) await store.add({ rows: adding.slice(at, at + 250), now: Date.now() })
}

/** Deliveries that ended two days ago. */
async function makeOld(): Promise<void> {
  const endedAt = Date.now() - 2 * dayMs
  await pool.query(`
    with old as (
      insert into ringback.delivery (number, id, message, destination, destination_url, recipient, operation, callback, method,
        url, timeout_ms, destination_hash, created_at)
      select n, 'old' || n, n, d.number, d.url, '', 'createInvoice', 'invoiceNotification', 'POST', d.url, 15000, 'hash', ${endedAt}
      from generate_series(1, ${old}) n join (
        select number, url, row_number() over () - 1 as at from ringback.destination) d on d.at = n % ${destinations}
      returning number
    ), messages as (
      insert into ringback.message (number, content, sealed) select number, convert_to(repeat('x', 400), 'UTF8'), false from old
    ), attempts as (
      insert into ringback.attempt (delivery, number, started_at, finished_at, outcome, status, headers, body, body_truncated,
        address)
      select number, 1, ${endedAt}, ${endedAt}, 'accepted', 200, '{}', convert_to('{"ok":true}', 'UTF8'), 0, '127.0.0.1' from old
    )
    insert into ringback.settled (delivery, state, settled_at, token, attempt_count)
    select number, 'delivered', ${endedAt}, 1, 1 from old`)
  await pool.query('vacuum analyze')
}
