import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { DeliveryEngine } from '../../../src/lib/delivery/delivery-engine.ts'
import { everyone } from '../../../src/lib/delivery/endpoints/owner.ts'
import { postgresStore } from '../../../src/lib/store/postgres/postgres-store.ts'
import { sqliteStore } from '../../../src/lib/store/sqlite/sqlite-store.ts'
import { PostgresMachine } from '../../support/postgres-machine.ts'
import { engineWith, message } from '../../webhooks/webhook-engine.ts'
import { seededRandom } from '../seeded-random.ts'

/** The options of a soak; the same seed gives the same moments. */
export interface FanoutSoakOptions {
  readonly store: 'sqlite' | 'postgres'
  readonly rounds: number
  readonly endpoints: number
  readonly seed: number
  readonly onRound?: (round: number) => void
}

/** What a soak has found. */
export interface FanoutSoakResult {
  /** Of worker processes, and of the database server. */
  readonly kills: number
  readonly serverKills: number
  /** What was not one delivery for each endpoint. */
  readonly violations: readonly string[]
  /** How long a send to everyone took: the median and the longest. */
  readonly sendMs: readonly [median: number, most: number]
}

const WORKERS = 2
const OWNERS = 100
const ROUND_LIMIT_MS = 120_000

/**
 * Sends a message to everyone's endpoints in each round, kills the workers that make its deliveries, and the database
 * server where there is one, and counts what was made. The workers have 64 MiB for their objects.
 */
export async function fanoutSoak({
  store,
  rounds,
  endpoints,
  seed,
  onRound,
}: FanoutSoakOptions): Promise<FanoutSoakResult> {
  const random = seededRandom(seed)
  await using stage = store === 'sqlite' ? onFile() : await onServer()
  const { engine } = stage
  await engine.endpoints.import(imported(endpoints))
  // Only what is made is looked at, and nothing is sent.
  await engine.deliveries.pause({ reason: 'Only fan-outs', by: 'a soak' })
  const workers = Array.from({ length: WORKERS }, () => new Worker(stage.place))
  const violations: string[] = []
  const sendMs: number[] = []
  let [kills, serverKills] = [0, 0]
  try {
    for (const worker of workers) await worker.start()
    for (let round = 1; round <= rounds; round++) {
      const begun = performance.now()
      const { id } = await stage.again(() => engine.send(message('invoice.paid', { owner: '' })))
      sendMs.push(performance.now() - begun)
      for (let kill = 0; kill < 3; kill++) {
        await delay(random() * 150)
        const worker = workers[Math.floor(random() * workers.length)]!
        if (random() < 0.25 && stage.killServer !== undefined) {
          serverKills++
          await stage.killServer()
        }
        kills++
        await worker.kill()
        await worker.start()
      }
      violations.push(
        ...(await stage.again(() => judged(engine, id, endpoints))).map(text => `round ${round}: ${text}`),
      )
      await stage.again(() => engine.messages.cancel(id, { owner: everyone }))
      onRound?.(round)
    }
  } finally {
    for (const worker of workers) await worker.kill()
  }
  const sorted = sendMs.toSorted((a, b) => a - b)
  return { kills, serverKills, violations, sendMs: [sorted[sorted.length >> 1] ?? 0, sorted.at(-1) ?? 0] }
}

async function* imported(count: number) {
  const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
  for (let index = 0; index < count; index++)
    yield {
      ...{ id: `ep_${index}`, owner: `owner ${index % OWNERS}`, url: `http://127.0.0.1:8000/${index}` },
      ...{ events: ['*'], secrets: [secret] as [string] },
    }
}

/** Waits until everything is made, and says what is not as it must be. */
async function judged(engine: DeliveryEngine, id: string, endpoints: number): Promise<string[]> {
  const until = performance.now() + ROUND_LIMIT_MS
  for (;;) {
    const found = await engine.messages.get(id, { owner: everyone })
    if (found === undefined) return ['the message is not there']
    if (found.expanded) {
      const made = Object.values(found.deliveries).reduce((sum, count) => sum + count, 0)
      return made === endpoints ? [] : [`${made} deliveries for ${endpoints} endpoints`]
    }
    if (performance.now() > until) return [`not all was made in time: ${JSON.stringify(found.deliveries)}`]
    await delay(250)
  }
}

/** A process that makes deliveries. */
class Worker {
  readonly #place: readonly string[]
  #child: ChildProcess | undefined

  constructor(place: readonly string[]) {
    this.#place = place
  }

  async start(): Promise<void> {
    const file = fileURLToPath(new URL('worker.ts', import.meta.url))
    for (;;) {
      const child = fork(file, this.#place, { execArgv: ['--max-old-space-size=64'], stdio: 'ignore' })
      const isReady = await Promise.race([
        once(child, 'message').then(() => true),
        once(child, 'exit').then(() => false),
      ])
      this.#child = child
      if (isReady) return
    }
  }

  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
}

/** A store that workers share. */
interface Stage extends AsyncDisposable {
  readonly engine: DeliveryEngine
  readonly place: readonly string[]
  /** Asks again while the server is away. */
  again<T>(work: () => Promise<T>): Promise<T>
  killServer?(): Promise<void>
}

function onFile(): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  const path = join(folder, 'deliveries.sqlite')
  const engine = engineWith({ store: sqliteStore({ path }), worker: false })
  return {
    engine,
    place: ['sqlite', path],
    again: work => work(),
    async [Symbol.asyncDispose]() {
      await engine.close({ graceMs: 0 })
      rmSync(folder, { recursive: true })
    },
  }
}

async function onServer(): Promise<Stage> {
  const machine = await PostgresMachine.create()
  await machine.start()
  const { connectionString } = machine
  const engine = engineWith({ store: postgresStore({ connectionString }), worker: false })
  return {
    engine,
    place: ['postgres', connectionString],
    async again(work) {
      for (let tries = 0; ; tries++)
        try {
          return await work()
        } catch (error) {
          if (tries === 100) throw error
          await delay(100)
        }
    },
    async killServer() {
      await machine.kill()
      await machine.start()
    },
    async [Symbol.asyncDispose]() {
      await engine.close({ graceMs: 0 })
      await machine[Symbol.asyncDispose]()
    },
  }
}
