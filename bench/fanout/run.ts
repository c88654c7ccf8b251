import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Child } from '../process/child.ts'
import { TemporaryFolder } from '../process/temporary-folder.ts'
import type { ReceiverCommand, ReceiverState } from '../receiver/receiver-command.ts'
import { machine } from '../report/machine.ts'
import { quantile } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'
import type { FanoutCommand, FanoutState } from './sender.ts'

const { values } = parseArgs({
  options: {
    endpoints: { type: 'string', default: '1000' },
    fanouts: { type: 'string', default: '100' },
    'per-second': { type: 'string', default: '50' },
    seconds: { type: 'string', default: '60' },
  },
})
const [endpoints, fanouts, perSecond, seconds] = [
  values.endpoints,
  values.fanouts,
  values['per-second'],
  values.seconds,
].map(Number) as [number, number, number, number]
/** How often the receiver is asked at most whether all has arrived, and how long it waits each time. */
const asks = { atMost: 8, limitMs: 60_000 }
const warmUp = { seconds: 5, perSecond, fanouts: 0 }

console.log(machine())
using folder = new TemporaryFolder()
const { child: receiver, ready } = await Child.start<{ port: number }>(
  join(import.meta.dirname, '../receiver/receiver.ts'),
)
const args = [String(ready.port), values.endpoints, join(folder.path, 'deliveries.sqlite')]
const { child: sender } = await Child.start(join(import.meta.dirname, 'sender.ts'), {
  args,
  env: { NODE_ENV: 'production' },
})
let expected = 0
await measured(warmUp)
const alone = await measured({ seconds, perSecond, fanouts: 0 })
const beside = await measured({ seconds, perSecond, fanouts })
await Promise.all([sender.stop(), receiver.stop()])

const row = (name: string, { arrivalsMs, cpuSeconds, everyoneMs, rates }: Awaited<ReturnType<typeof measured>>) => [
  name,
  quantile(arrivalsMs, 0.5).toFixed(1),
  quantile(arrivalsMs, 0.99).toFixed(1),
  everyoneMs.length === 0 ? '-' : quantile(everyoneMs, 0.5).toFixed(1),
  cpuSeconds.toFixed(1),
  rates === undefined ? '-' : `${rates.beside.toFixed(0)}, ${rates.after.toFixed(0)}`,
]
printTable(
  [
    'messages to single owners',
    'p50, ms',
    'p99, ms',
    'send to everyone, ms',
    'CPU of the sender, s',
    'fanned out a second: beside, after',
  ],
  [row('alone', alone), row(`beside ${fanouts} fan-outs to ${endpoints}`, beside)],
)
console.log(`p99 beside ÷ alone: ${(quantile(beside.arrivalsMs, 0.99) / quantile(alone.arrivalsMs, 0.99)).toFixed(2)}`)

async function measured(command: FanoutCommand) {
  const { sent, everyoneMs, cpuSeconds } = await sender.ask<FanoutState>(command)
  const fannedOut = command.fanouts * endpoints
  expected += sent + fannedOut
  const besideEnded = performance.now()
  const { requests, arrivalsMs: first } = await receiver.ask<ReceiverState>({ limitMs: 0 } satisfies ReceiverCommand)
  const left = Math.max(expected - requests, 0)
  const arrivalsMs = [...first]
  for (let asksLeft = asks.atMost; asksLeft > 0; asksLeft--) {
    const command: ReceiverCommand = { until: expected, limitMs: asks.limitMs }
    const state = await receiver.ask<ReceiverState>(command)
    arrivalsMs.push(...state.arrivalsMs)
    if (state.requests === expected) break
    if (asksLeft === 1) throw new Error(`${state.requests} of ${expected} requests arrived`)
  }
  const rates =
    fannedOut === 0
      ? undefined
      : {
          beside: (fannedOut - left) / command.seconds,
          after: left / ((performance.now() - besideEnded) / 1_000),
        }
  await pause(1_000)
  return { arrivalsMs, everyoneMs, cpuSeconds, rates }
}
