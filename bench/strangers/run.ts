import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Child } from '../process/child.ts'
import { freePort } from '../process/free-port.ts'
import { TemporaryFolder } from '../process/temporary-folder.ts'
import { machine } from '../report/machine.ts'
import { showProgress } from '../report/progress.ts'
import { quantile } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'
import { knownCount } from './addresses.ts'
import { type Attack, attacks } from './attacks.ts'
import type { ReceiverState } from './receiver.ts'
import type { SenderCommand, SenderState } from './sender.ts'

const { values } = parseArgs({
  options: {
    attacks: { type: 'string', default: attacks.map(({ name }) => name).join(';') },
    seconds: { type: 'string', default: '60' },
    store: { type: 'string', default: 'sqlite' },
    workers: { type: 'string', default: '1' },
  },
})
const seconds = Number(values.seconds)
const workers = Number(values.workers)
if (workers > 1 && values.store !== 'postgres') throw new Error('--workers over 1 takes --store postgres')
const wanted = values.attacks.split(';').map(name => {
  const attack = attacks.find(one => one.name === name)
  if (attack === undefined) throw new Error(`--attacks takes some of "${attacks.map(one => one.name).join('", "')}"`)
  return attack
})
/** How long to wait for late deliveries. */
const lateSeconds = 35
const megabyte = 1e6
const file = (name: string) => join(import.meta.dirname, name)

const before = machine()
const rows: (string | number)[][] = []
for (const attack of wanted) {
  showProgress(attack.name)
  rows.push(rowOf(attack, await measure(attack)))
}
showProgress('')
console.log(before)
printTable(
  [
    'strangers',
    'known p50, ms',
    'p99, ms',
    'most, ms',
    'arrived',
    'new p50, ms',
    'most, ms',
    'arrived',
    'sockets',
    'growth, MB',
    'CPU, %',
  ],
  rows,
)

type Measured = SenderState & ReceiverState

/** New processes and a new database for each attack. */
async function measure({ name, ...attack }: Attack): Promise<Measured> {
  await using database = await newDatabase()
  const receiverArgs = [String(attack.responses ?? 0)]
  const { child: receiver, ready } = await Child.start<{ port: number }>(file('receiver.ts'), {
    args: receiverArgs,
    core: 1,
  })
  const options = { core: 0, env: { NODE_ENV: 'production' } }
  const args = [String(ready.port), database.at]
  const { child: sender } = await Child.start(file('sender.ts'), { ...options, args })
  const others: Child[] = []
  try {
    // The sender has warmed up by now, and hears only of what it delivers itself.
    while (others.length < workers - 1)
      others.push((await Child.start(file('worker.ts'), { ...options, args: [database.at] })).child)
    const sent = await sender.ask<SenderState>({ name, seconds, ...attack } satisfies SenderCommand)
    return { ...sent, ...(await arrived(receiver, sent)) }
  } finally {
    await Promise.all([sender, receiver, ...others].map(child => child.stop()))
  }
}

interface Database extends AsyncDisposable {
  readonly at: string
}

async function newDatabase(): Promise<Database> {
  if (values.store === 'postgres') {
    const args = [String(await freePort())]
    const { child, ready } = await Child.start<{ database: string }>(file('../peers/postgres-server.ts'), {
      args,
      core: 0,
    })
    return { at: ready.database, [Symbol.asyncDispose]: () => child.stop() }
  }
  const folder = new TemporaryFolder()
  return { at: join(folder.path, 'deliveries.sqlite'), [Symbol.asyncDispose]: async () => folder[Symbol.dispose]() }
}

/** What has arrived once every honest delivery is there, or time is up. */
async function arrived(receiver: Child, { known, fresh }: SenderState): Promise<ReceiverState> {
  for (let waited = 0; ; waited++) {
    const state = await receiver.ask<ReceiverState>('state')
    const all = state.knownMs.length >= known + knownCount && state.newMs.length >= fresh
    if (all || waited === lateSeconds) return { ...state, knownMs: state.knownMs.slice(knownCount) }
    await pause(1_000)
  }
}

function rowOf({ name }: Attack, measured: Measured): (string | number)[] {
  const { knownMs, newMs, known, fresh, connections, idleBytes, mostBytes, cpuSeconds } = measured
  const ms = (of: readonly number[], q: number) => quantile(of, q).toFixed(1)
  return [
    name,
    ms(knownMs, 0.5),
    ms(knownMs, 0.99),
    ms(knownMs, 1),
    `${knownMs.length} of ${known}`,
    ms(newMs, 0.5),
    ms(newMs, 1),
    `${newMs.length} of ${fresh}`,
    connections,
    ((mostBytes - idleBytes) / megabyte).toFixed(0),
    ((cpuSeconds / seconds) * 100).toFixed(0),
  ]
}
