import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Slice, SliceResult } from '../load/slice.ts'
import { Child } from '../process/child.ts'
import { TemporaryFolder } from '../process/temporary-folder.ts'
import type { ReceiverCommand, ReceiverState } from '../receiver/receiver-command.ts'
import { machine } from '../report/machine.ts'
import { showProgress } from '../report/progress.ts'
import { median, medianAndRange, shuffled } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    'slice-ms': { type: 'string', default: '1000' },
    'cpu-prof': { type: 'string' },
    // Also "held", a callback beside a dependency of scope "handler", and "dependency", the dependency alone.
    only: { type: 'string', default: 'with,without' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const durationMs = Number(values['slice-ms'])
const operations = values.only.split(',')
const profiling = values['cpu-prof'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values['cpu-prof']}`]
/** How many slices it takes until the code of both operations is compiled. */
const warmUpRounds = 8
const drainLimitMs = 120_000
const invoice = { id: '2expen51ve', customer: 'Mr. Richie Rich', total: 9999 }

interface Measured extends SliceResult {
  readonly worker: string
  readonly operation: string
}

const [webCore, otherCore] = [0, 1]
const file = (name: string) => join(import.meta.dirname, name)
const before = machine()
const { child: load } = await Child.start(file('../load/load.ts'), { core: otherCore })
const { child: receiver, ready } = await Child.start<{ port: number }>(file('../receiver/receiver.ts'), {
  core: otherCore,
})
let expected = 0
const measured: Measured[] = []
try {
  for (const worker of ['outside', 'inside']) measured.push(...(await measure(worker)))
} finally {
  await Promise.all([load.stop(), receiver.stop()])
}
showProgress('')
if (values.json) console.log(JSON.stringify({ machine: before, measured }))
else print()

/** All rounds with the delivery worker in the web process or outside of it. */
async function measure(worker: string): Promise<Measured[]> {
  using folder = new TemporaryFolder()
  const path = join(folder.path, 'deliveries.sqlite')
  const started = await Child.start<{ port: number }>(file('web-server.ts'), {
    core: webCore,
    args: [path, worker],
    env: { NODE_ENV: 'production' },
    nodeOptions: profiling,
  })
  const web = { pid: started.child.pid, port: started.ready.port }
  const outside =
    worker === 'outside' ? await Child.start(file('worker.ts'), { core: otherCore, args: [path] }) : undefined
  const results: Measured[] = []
  try {
    for (let round = 1 - warmUpRounds; round <= rounds; round++)
      for (const operation of shuffled(operations)) {
        showProgress(`worker ${worker}, round ${round} of ${rounds}: ${operation} callback`)
        const result = await slice(web, operation)
        if (round > 0) results.push({ ...result, worker, operation })
      }
  } finally {
    await started.child.stop()
    await outside?.child.stop()
  }
  return results
}

/** One slice, and the time until all its callbacks have arrived, so that no slice does the work of another. */
async function slice(web: { readonly pid: number; readonly port: number }, operation: string): Promise<SliceResult> {
  const callbackUrl = encodeURIComponent(`http://127.0.0.1:${ready.port}/events`)
  const target = `/${operation}?callback_url=${callbackUrl}`
  const request = { method: 'POST', target, body: JSON.stringify(invoice) }
  const connections = 32
  const result = await load.ask<SliceResult>({ ...web, request, connections, durationMs } satisfies Slice)
  if (result.statuses['200'] !== result.requests)
    throw new Error(`Not every response was a 200: ${JSON.stringify(result.statuses)}`)
  if (operation === 'without' || operation === 'dependency') return result
  expected += result.requests + connections
  const state = await receiver.ask<ReceiverState>({ until: expected, limitMs: drainLimitMs } satisfies ReceiverCommand)
  if (state.requests < expected) throw new Error(`Only ${state.requests} of ${expected} callbacks arrived`)
  return result
}

function print(): void {
  console.log(before)
  const of = (worker: string, operation: string) =>
    measured.filter(one => one.worker === worker && one.operation === operation)
  const microseconds = ({ cpuSeconds, requests }: Measured) => (cpuSeconds / requests) * 1e6
  printTable(
    ['worker', 'operation', 'CPU ÷ without', 'CPU, µs', 'requests/s'],
    ['outside', 'inside'].flatMap(worker =>
      operations.map(operation => {
        const costs = of(worker, operation).map(microseconds)
        const units = of(worker, 'without').map(microseconds)
        return [
          worker,
          operation,
          medianAndRange(costs.map((cost, round) => cost / (units[round] ?? Number.NaN))),
          median(costs).toFixed(1),
          medianAndRange(
            of(worker, operation).map(({ requests, seconds }) => requests / seconds),
            0,
          ),
        ]
      }),
    ),
  )
}
