import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import type { DeliveryStore, ListQuery } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'
import { TemporaryFolder } from '../process/temporary-folder.ts'
import { machine } from '../report/machine.ts'
import { showProgress } from '../report/progress.ts'
import { quantile } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'
import { seedStore } from './seed-store.ts'

/** What it costs a store to be looked at: on a connection of our own, so that the time is the store's alone. */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    destinations: { type: 'string', default: '1000' },
    repetitions: { type: 'string', default: '300' },
  },
})
const before = machine()
using folder = new TemporaryFolder()
const database = new DatabaseSync(join(folder.path, 'deliveries.sqlite'))
database.exec('pragma journal_mode = wal; pragma synchronous = full')
const store = sqliteStore({ database })
const now = Date.now()
const rows = Number(values.rows)
await seedStore({ store, database, now }, rows, Number(values.destinations))
showProgress('')

const rare = `tenant ${rows - 1}`
const looks: Readonly<Record<string, () => Promise<unknown>>> = {
  'stats()': () => store.stats({ now }),
  'counts()': () => store.counts(),
  'list, no filter': () => page({}),
  'list, state failed or delivered': () => page({ state: ['failed', 'delivered'] }),
  'list, beginning of an id': () => page({ id: `d${rows / 2}` }),
  'list, beginning of an idempotency key': () => page({ idempotencyKey: `order ${rows / 2}` }),
  'list, one step for what is nowhere': () => page({ recipient: 'nobody' }),
  'list, one step, several states': () => page({ recipient: 'nobody', state: ['failed', 'delivered', 'scheduled'] }),
  'list, every step for the oldest delivery': () => everyPage({ recipient: rare, attempted: false }),
}

function page(query: Omit<ListQuery, 'limit'>) {
  return store.list({ ...query, limit: 50 })
}

/** Step by step, as a page of `deliveries.list` asks, to the end. */
async function everyPage(query: Omit<ListQuery, 'limit' | 'cursor'>): Promise<void> {
  let cursor: string | undefined
  do cursor = (await page({ ...query, cursor })).nextCursor
  while (cursor !== undefined)
}

async function replayPiece(of: DeliveryStore, piece: number): Promise<void> {
  await of.continueReplays({ now, newIds: Array.from({ length: 100 }, (_, at) => `r${piece}.${at}`) })
}

console.log(before)
console.log(`${rows} deliveries, half of them settled, to ${values.destinations} destinations; milliseconds`)
const measured = []
for (const [name, look] of Object.entries(looks))
  measured.push([name, ...(await timesOf(look, name.includes('every step') ? 5 : Number(values.repetitions)))])
await store.startReplay({ id: 'replay', filter: { state: 'failed' }, newId: false, now })
measured.push(['replay, 100 deliveries', ...(await timesOf((_, at) => replayPiece(store, at), 20))])
printTable(['', 'p50', 'p99', 'most'], measured)
await store.close()
database.close()

async function timesOf(look: (_: undefined, at: number) => Promise<unknown>, repetitions: number): Promise<string[]> {
  const times: number[] = []
  for (let at = 0; at < repetitions; at++) {
    const begun = performance.now()
    await look(undefined, at)
    times.push(performance.now() - begun)
  }
  return [quantile(times, 0.5), quantile(times, 0.99), Math.max(...times)].map(ms => ms.toFixed(2))
}
