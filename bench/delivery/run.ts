import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Child } from '../process/child.ts'
import { treeCpuSeconds } from '../process/cpu-seconds.ts'
import { freePort } from '../process/free-port.ts'
import { TemporaryFolder } from '../process/temporary-folder.ts'
import type { ReceiverCommand, ReceiverState } from '../receiver/receiver-command.ts'
import { machine } from '../report/machine.ts'
import { showProgress } from '../report/progress.ts'
import { shuffled } from '../report/statistics.ts'
import { measureLatency } from './latency.ts'
import { printLatency, printThroughput, type Throughput } from './report.ts'
import { type Route, routeText } from './route.ts'
import type { PhaseCost, SenderCommand } from './sender-program.ts'

interface SenderKind {
  readonly name: string
  readonly file: string
  readonly variant: string
  readonly scheme?: Route['scheme']
}

/** The senders: the first one is the limit, and the unit. */
const senders: readonly SenderKind[] = [
  { name: 'bare loop', file: 'bare-loop-sender.ts', variant: '' },
  { name: 'ringback, v1', file: 'ringback-sender.ts', variant: 'v1' },
  { name: 'ringback, v1 and v1a', file: 'ringback-sender.ts', variant: 'v1,v1a' },
  { name: 'pg-boss', file: '../peers/pg-boss-sender.ts', variant: 'fetch' },
  { name: 'pg-boss, work()', file: '../peers/pg-boss-sender.ts', variant: 'work' },
  { name: 'pg-boss, work() in pairs', file: '../peers/pg-boss-sender.ts', variant: 'pairs' },
]

/** With `--routes`: Ringback, to more and more destinations. */
const routes: readonly SenderKind[] = [1, 1_000, 10_000].flatMap(destinations =>
  [false, true].flatMap(apart =>
    (['http', 'https'] as const).flatMap(scheme => {
      if (apart && destinations === 1) return []
      const name = `${destinations} on ${apart ? 'an origin each' : 'one origin'}, ${scheme}`
      const variant = `v1 to ${routeText({ destinations, apart, scheme })}`
      return { name, file: 'ringback-sender.ts', variant, scheme }
    }),
  ),
)

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    deliveries: { type: 'string', default: '20000' },
    routes: { type: 'boolean', default: false },
    senders: { type: 'string' },
    latencies: { type: 'string', default: '500' },
    'body-bytes': { type: 'string', default: '0' },
    free: { type: 'boolean', default: false },
    'cpu-prof': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const offered = values.routes ? routes : senders
const wanted = offered.filter(({ name }) => values.senders?.split(';').includes(name) ?? true)
const profiling = values['cpu-prof'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values['cpu-prof']}`]
const isPgBoss = (name: string) => name.startsWith('pg-boss')
const file = (name: string) => join(import.meta.dirname, name)

/** One core for the sender and its database, the other for the receiver; with `--free` the kernel decides. */
const [senderCore, receiverCore] = values.free ? [{}, {}] : [{ core: 0 }, { core: 1 }]

const before = machine()
using folder = new TemporaryFolder()
const receivers = { http: await startReceiver('http'), https: await startReceiver('https') }
const postgres = wanted.some(({ name }) => isPgBoss(name)) ? await startPostgres() : undefined
try {
  const measured: Throughput[] = []
  const failed: string[] = []
  for (let round = 1; round <= rounds; round++)
    for (const sender of shuffled(wanted)) {
      showProgress(`round ${round} of ${rounds}: ${sender.name}`)
      try {
        measured.push({ sender: sender.name, round, ...(await measure(sender, round)) })
      } catch (error) {
        failed.push(`${sender.name}, round ${round}: ${error}`)
      }
    }
  showProgress('')
  const count = Number(values.latencies)
  const latencies =
    count > 0
      ? await measureLatency(receivers.http.child, receivers.http.url, join(folder.path, 'latency.sqlite'), count)
      : []
  if (values.json) console.log(JSON.stringify({ machine: before, measured, latencies }))
  else {
    console.log(before)
    const names = wanted.map(({ name }) => name)
    printThroughput(
      names.filter(name => measured.some(({ sender }) => sender === name)),
      measured,
    )
    for (const failure of failed) console.log(failure)
    if (count > 0) printLatency(latencies)
  }
} finally {
  await Promise.all([receivers.http.child.stop(), receivers.https.child.stop(), postgres?.child.stop()])
}

async function startReceiver(scheme: Route['scheme']): Promise<{ readonly child: Child; readonly url: string }> {
  const { child, ready } = await Child.start<{ port: number }>(file('../receiver/receiver.ts'), {
    args: [scheme],
    ...receiverCore,
  })
  return { child, url: `${scheme}://127.0.0.1:${ready.port}` }
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
  { name, file: program, variant, scheme = 'http' }: SenderKind,
  round: number,
): Promise<Omit<Throughput, 'sender' | 'round'>> {
  const database = isPgBoss(name) ? postgres : undefined
  const location = database?.database ?? join(folder.path, `${variant}-${round}.sqlite`)
  const receiver = receivers[scheme]
  const connections = async () =>
    (await receiver.child.ask<ReceiverState>({ limitMs: 0 } satisfies ReceiverCommand)).connections
  const connectionsBefore = await connections()
  const { child } = await Child.start(file(program), {
    args: [values.deliveries, `${receiver.url}/events`, location, variant],
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
    const databaseCpuSeconds = databaseCpuAfter - databaseCpuBefore
    return { deliveries, store, deliver, databaseCpuSeconds, connections: (await connections()) - connectionsBefore }
  } finally {
    await child.stop()
  }
}
