import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Child } from '../process/child.ts'
import { treeCpuSeconds } from '../process/cpu-seconds.ts'
import { freePort } from '../process/free-port.ts'
import { machine } from '../report/machine.ts'
import { showProgress } from '../report/progress.ts'
import { medianAndRange, shuffled } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'
import type { PhaseCost, SenderCommand } from './sender-program.ts'

/** Senders that share one PostgreSQL, in one, two and four processes; and what that costs the server. */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    deliveries: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '1,2,4' },
    'in-flight': { type: 'string', default: '64' },
    senders: { type: 'string' },
  },
})

interface SenderKind {
  readonly name: string
  readonly file: string
  readonly variant: string
}

const senders: readonly SenderKind[] = [
  { name: 'bare loop', file: 'postgres-bare-loop-sender.ts', variant: '' },
  { name: 'ringback, 1 destination', file: 'postgres-sender.ts', variant: '1 together http' },
  { name: 'ringback, 1,000 on an origin each', file: 'postgres-sender.ts', variant: '1000 apart http' },
  { name: 'pg-boss', file: '../peers/pg-boss-sender.ts', variant: 'fetch deliveries' },
  { name: 'graphile-worker', file: '../peers/graphile-worker-sender.ts', variant: '' },
]

/** One sender in one round; microseconds a delivery. */
interface Measured {
  readonly name: string
  readonly round: number
  readonly perSecond: number
  readonly senderCpu: number
  readonly serverCpu: number
}

const file = (name: string) => join(import.meta.dirname, name)
const rounds = Number(values.rounds)
const deliveries = Number(values.deliveries)
const wanted = senders
  .filter(({ name }) => values.senders?.split(';').includes(name) ?? true)
  .flatMap(sender => values.workers.split(',').map(workers => ({ ...sender, workers: Number(workers) })))
const nameOf = ({ name, workers }: { readonly name: string; readonly workers: number }) => `${name} × ${workers}`

const before = machine()
const { child: receiver, ready } = await Child.start<{ port: number }>(file('../receiver/receiver.ts'))
const measured: Measured[] = []
const failed: string[] = []
for (let round = 1; round <= rounds; round++)
  for (const sender of shuffled(wanted)) {
    showProgress(`round ${round} of ${rounds}: ${nameOf(sender)}`)
    try {
      measured.push({ name: nameOf(sender), round, ...(await measure(sender, sender.workers)) })
    } catch (error) {
      failed.push(`${nameOf(sender)}, round ${round}: ${error}`)
    }
  }
showProgress('')
await receiver.stop()
report()

/** On a server of its own, twice: the first time is for warming up. */
async function measure({ file: program, variant }: SenderKind, workers: number) {
  const { child: server, ready: database } = await Child.start<{ database: string }>(
    file('../peers/postgres-server.ts'),
    {
      args: [String(await freePort())],
    },
  )
  const args = [values.deliveries, `http://127.0.0.1:${ready.port}/events`, database.database, variant]
  const env = { NODE_ENV: 'production', IN_FLIGHT: values['in-flight'] }
  const children: Child[] = []
  try {
    // One after the other: the first one makes the tables.
    for (let at = 0; at < workers; at++) children.push((await Child.start(file(program), { args, env })).child)
    await sendAll(children)
    await children[0]!.ask<PhaseCost>('store' satisfies SenderCommand)
    return await costOfSending(children, server)
  } finally {
    await Promise.all(children.map(child => child.stop()))
    await server.stop()
  }
}

async function sendAll(children: readonly Child[]): Promise<void> {
  await children[0]!.ask<PhaseCost>('store' satisfies SenderCommand)
  await Promise.all(children.map(child => child.ask<PhaseCost>('deliver' satisfies SenderCommand)))
}

async function costOfSending(children: readonly Child[], server: Child) {
  const [cpuBefore, begun] = [treeCpuSeconds(server.pid), performance.now()]
  const costs = await Promise.all(children.map(child => child.ask<PhaseCost>('deliver' satisfies SenderCommand)))
  const seconds = (performance.now() - begun) / 1_000
  const microseconds = (cpuSeconds: number) => (cpuSeconds / deliveries) * 1e6
  return {
    perSecond: deliveries / seconds,
    senderCpu: microseconds(costs.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)),
    serverCpu: microseconds(treeCpuSeconds(server.pid) - cpuBefore),
  }
}

function report(): void {
  const names = wanted.map(nameOf).filter(name => measured.some(one => one.name === name))
  const of = (name: string) => measured.filter(one => one.name === name)
  const ratio = (name: string, workers: number, value: (one: Measured) => number) => {
    const others = new Map(of(`pg-boss × ${workers}`).map(one => [one.round, value(one)]))
    const both = of(name).filter(({ round }) => others.has(round))
    return both.length === 0 ? '' : medianAndRange(both.map(one => value(one) / others.get(one.round)!))
  }
  console.log(before)
  console.log(`${deliveries} deliveries, ${values['in-flight']} in flight in each process`)
  printTable(
    [
      'sender × processes',
      'deliveries/s',
      'CPU of the server, µs',
      '÷ pg-boss',
      'CPU of the senders, µs',
      'deliveries/s ÷ pg-boss',
    ],
    names.map(name => {
      const workers = Number(name.split(' × ')[1])
      return [
        name,
        medianAndRange(
          of(name).map(one => one.perSecond),
          0,
        ),
        medianAndRange(
          of(name).map(one => one.serverCpu),
          0,
        ),
        ratio(name, workers, one => one.serverCpu),
        medianAndRange(
          of(name).map(one => one.senderCpu),
          0,
        ),
        ratio(name, workers, one => one.perSecond),
      ]
    }),
  )
  for (const failure of failed) console.log(failure)
}
