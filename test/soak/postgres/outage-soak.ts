import { once } from 'node:events'
import { setTimeout as delay, setInterval as every } from 'node:timers/promises'
import { type RunningProgram, startProgram } from '../../support/child-process.ts'
import { PostgresMachine } from '../../support/postgres-machine.ts'
import { Receiver } from '../../support/receiver.ts'
import { judge } from '../crash/ledger.ts'
import { Load } from '../crash/load.ts'
import { seededRandom } from '../seeded-random.ts'
import { MASTER_SECRET } from '../test-store.ts'
import { outages, type Scene, smallSegments } from './outages.ts'
import { PostgresTestStore } from './postgres-test-store.ts'

/** The options of a soak of outages. */
export interface OutageSoakOptions {
  readonly names: readonly string[]
  /** How long each outage lasts. */
  readonly seconds: number
  /** How long a request may wait for the store. */
  readonly waitLimitMs: number
  readonly onOutage?: (seen: SeenOutage) => void
}

/** What a server that went on running did during an outage, and after it. */
export interface SeenOutage {
  readonly name: string
  readonly acknowledged: number
  /** Responses other than 200, by status. */
  readonly refused: Readonly<Record<string, number>>
  readonly withoutResponse: number
  /** How long others waited for its event loop. */
  readonly loopP99Ms: number
  readonly loopMostMs: number
  /** From the end of the outage to the first new acknowledgement. */
  readonly recoveredMs: number
}

/** The results of a soak of outages. */
export interface OutageSoakResult {
  readonly seen: readonly SeenOutage[]
  readonly acknowledged: number
  readonly lost: readonly string[]
  readonly duplicates: number
  readonly violations: readonly string[]
  readonly unsettled: number
}

const PROGRAM = new URL('../../programs/postgres-invoices.ts', import.meta.url)
const RECOVERY_LIMIT_MS = 60_000
const SETTLE_LIMIT_MS = 120_000

/** Lets a server and a worker, which nobody restarts, meet outages of their database under load. */
export async function outageSoak(options: OutageSoakOptions): Promise<OutageSoakResult> {
  const first = await PostgresMachine.create({ flags: ['-c', 'max_connections=30'], initialFlags: smallSegments })
  const scene: Scene = { machine: first, last: () => delay(options.seconds * 1_000) }
  await using _ = { [Symbol.asyncDispose]: () => scene.machine[Symbol.asyncDispose]() }
  await scene.machine.start()
  const { connectionString } = scene.machine
  await using store = new PostgresTestStore(connectionString, { WAIT_LIMIT_MS: String(options.waitLimitMs) })
  await using receiver = new Receiver()
  await receiver.start()
  await using programs = new AsyncDisposableStack()
  const server = await start(programs, store, 'web')
  await start(programs, store, 'worker')
  const load = new Load({
    ...{ clients: 8, requestsPerSecond: 5, servers: () => [server.url], callbackUrl: () => `${receiver.url}/d` },
    random: seededRandom(1),
  })
  const seen: SeenOutage[] = []
  try {
    for (const name of options.names) seen.push(await meet(name, { scene, load, server, onOutage: options.onOutage }))
  } finally {
    await load.stop()
  }
  const unsettled = await settled(store)
  const arrivals = receiver.received.map(request => ({ ...request, taken: true }))
  return { seen, unsettled, ...judge(load.acknowledged, arrivals, MASTER_SECRET, () => `${receiver.url}/d`) }
}

async function start(programs: AsyncDisposableStack, store: PostgresTestStore, role: string): Promise<RunningProgram> {
  const program = await startProgram(PROGRAM, { ...store.environment, ROLE: role })
  programs.defer(() => program.kill())
  return program
}

interface Meeting {
  readonly scene: Scene
  readonly load: Load
  readonly server: RunningProgram
  readonly onOutage: OutageSoakOptions['onOutage']
}

async function meet(name: string, { scene, load, server, onOutage }: Meeting): Promise<SeenOutage> {
  const outage = outages[name]
  if (outage === undefined) throw new TypeError(`There is no outage "${name}": ${Object.keys(outages).join(', ')}`)
  await acknowledgedMore(load)
  await loopDelay(server)
  const before = { refused: new Map(load.refused), withoutResponse: load.withoutResponse, of: load.acknowledged.length }
  await outage(scene)
  const [endedAt, during] = [performance.now(), load.acknowledged.length - before.of]
  await acknowledgedMore(load)
  const recoveredMs = performance.now() - endedAt
  const { p99, most } = await loopDelay(server)
  const seen = {
    ...{ name, acknowledged: during, recoveredMs, loopP99Ms: p99, loopMostMs: most },
    refused: Object.fromEntries(
      [...load.refused]
        .map(([status, count]) => [status, count - (before.refused.get(status) ?? 0)] as const)
        .filter(([, count]) => count > 0),
    ),
    withoutResponse: load.withoutResponse - before.withoutResponse,
  }
  onOutage?.(seen)
  return seen
}

/** Waits for something that is acknowledged from now on. */
async function acknowledgedMore(load: Load): Promise<void> {
  const [before, deadline] = [load.acknowledged.length, performance.now() + RECOVERY_LIMIT_MS]
  for await (const _ of every(10)) {
    if (load.acknowledged.length > before) return
    if (performance.now() > deadline) throw new Error('The server did not recover')
  }
}

async function loopDelay({ process: child }: RunningProgram): Promise<{ readonly p99: number; readonly most: number }> {
  const told = once(child, 'message')
  child.send('how long does the loop take')
  const [delays] = await told
  return delays
}

/** Waits until everything is settled; gives how many are not in time. */
async function settled({ deliveries }: PostgresTestStore): Promise<number> {
  const deadline = Date.now() + SETTLE_LIMIT_MS
  for (;;) {
    const { scheduled, attempting } = await deliveries.counts()
    if (scheduled + attempting === 0 || Date.now() > deadline) return scheduled + attempting
    await delay(250)
  }
}
