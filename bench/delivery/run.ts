import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Child } from '../process/child.ts'
import { treeCpuSeconds } from '../process/cpu-seconds.ts'
import { freePort } from '../process/free-port.ts'
import { TemporaryFolder } from '../process/temporary-folder.ts'
import { machine } from '../report/machine.ts'
import { showProgress } from '../report/progress.ts'
import { shuffled } from '../report/statistics.ts'
import { measureLatency } from './latency.ts'
import { printLatency, printThroughput, type Throughput } from './report.ts'
import type { PhaseCost, SenderCommand } from './sender-program.ts'

/** The senders: the first one is the limit, and the unit. */
const senders = [
  { name: 'bare loop', file: 'bare-loop-sender.ts', variant: '' },
  { name: 'ringback, v1', file: 'ringback-sender.ts', variant: 'v1' },
  { name: 'ringback, v1 and v1a', file: 'ringback-sender.ts', variant: 'v1,v1a' },
  { name: 'ringback, v1, 1,000 destinations', file: 'ringback-sender.ts', variant: 'v1 to 1000' },
  { name: 'pg-boss', file: '../peers/pg-boss-sender.ts', variant: 'fetch' },
  { name: 'pg-boss, work()', file: '../peers/pg-boss-sender.ts', variant: 'work' },
  { name: 'pg-boss, work() in pairs', file: '../peers/pg-boss-sender.ts', variant: 'pairs' },
] as const

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    deliveries: { type: 'string', default: '20000' },
    senders: { type: 'string', default: senders.map(({ name }) => name).join(';') },
    latencies: { type: 'string', default: '500' },
    'body-bytes': { type: 'string', default: '0' },
    free: { type: 'boolean', default: false },
    'cpu-prof': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const wanted = senders.filter(({ name }) => values.senders.split(';').includes(name))
const profiling = values['cpu-prof'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values['cpu-prof']}`]
const isPgBoss = (name: string) => name.startsWith('pg-boss')
const file = (name: string) => join(import.meta.dirname, name)

/** One core for the sender and its database, the other for the receiver; with `--free` the kernel decides. */
const [senderCore, receiverCore] = values.free ? [{}, {}] : [{ core: 0 }, { core: 1 }]

const before = machine()
using folder = new TemporaryFolder()
const { child: receiver, ready } = await Child.start<{ port: number }>(file('../receiver/receiver.ts'), receiverCore)
const receiverUrl = `http://127.0.0.1:${ready.port}`
const postgres = wanted.some(({ name }) => isPgBoss(name)) ? await startPostgres() : undefined
try {
  const measured: Throughput[] = []
  for (let round = 1; round <= rounds; round++)
    for (const sender of shuffled(wanted)) {
      showProgress(`round ${round} of ${rounds}: ${sender.name}`)
      measured.push({ sender: sender.name, round, ...(await measure(sender, round)) })
    }
  showProgress('')
  const count = Number(values.latencies)
  const latencies =
    count > 0 ? await measureLatency(receiver, receiverUrl, join(folder.path, 'latency.sqlite'), count) : []
  if (values.json) console.log(JSON.stringify({ machine: before, measured, latencies }))
  else {
    console.log(before)
    printThroughput(
      wanted.map(({ name }) => name),
      measured,
    )
    if (count > 0) printLatency(latencies)
  }
} finally {
  await Promise.all([receiver.stop(), postgres?.child.stop()])
}

async function startPostgres(): Promise<{ child: Child; database: string }> {
  const args = [String(await freePort())]
  const { child, ready } = await Child.start<{ database: string }>(file('../peers/postgres-server.ts'), {
    args,
    ...senderCore,
  })
  return { child, database: ready.database }
}

/** One sender in a new process on a new database. */
async function measure(
  { name, file: program, variant }: (typeof senders)[number],
  round: number,
): Promise<Omit<Throughput, 'sender' | 'round'>> {
  const database = isPgBoss(name) ? postgres : undefined
  const location = database?.database ?? join(folder.path, `${variant}-${round}.sqlite`)
  const { child } = await Child.start(file(program), {
    args: [values.deliveries, `${receiverUrl}/events`, location, variant],
    env: { NODE_ENV: 'production', BODY_BYTES: values['body-bytes'] },
    nodeOptions: profiling,
    ...senderCore,
  })
  try {
    // A sender runs for days, so its cost before its code is compiled does not count.
    await child.ask<PhaseCost>('store' satisfies SenderCommand)
    await child.ask<PhaseCost>('deliver' satisfies SenderCommand)
    const store = await child.ask<PhaseCost>('store' satisfies SenderCommand)
    const databaseCpuBefore = database === undefined ? 0 : treeCpuSeconds(database.child.pid)
    const deliver = await child.ask<PhaseCost>('deliver' satisfies SenderCommand)
    const databaseCpuAfter = database === undefined ? 0 : treeCpuSeconds(database.child.pid)
    const deliveries = Number(values.deliveries)
    return { deliveries, store, deliver, databaseCpuSeconds: databaseCpuAfter - databaseCpuBefore }
  } finally {
    await child.stop()
  }
}
