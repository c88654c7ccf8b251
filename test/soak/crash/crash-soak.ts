import { setTimeout as delay, setInterval as every } from 'node:timers/promises'
import { type RunningProgram, startProgram } from '../support/child-process.ts'
import { Receiver } from '../support/receiver.ts'
import { judge, type Verdict } from './ledger.ts'
import { Load } from './load.ts'
import { seededRandom } from './seeded-random.ts'
import { MASTER_SECRET, TestStore } from './test-store.ts'

/** The options of a soak; the same seed gives the same moments and the same faults of the receiver. */
export interface CrashSoakOptions {
  readonly rounds: number
  readonly seed: number
  readonly onRound?: (round: number, acknowledged: number) => void
}

/** The results of a soak. */
export interface CrashSoakResult extends Verdict {
  readonly kills: number
  readonly withoutResponse: number
  readonly refused: ReadonlyMap<number, number>
  /** Deliveries over which workers died again and again, so that the store gave them up and they were replayed. */
  readonly givenUp: number
  /** Deliveries that were not settled in time. */
  readonly unsettled: number
}

const PROGRAM = new URL('../programs/short-leases.ts', import.meta.url)
const SERVERS = 2
const DESTINATIONS = 20
const UNDER_LOAD_MS = { least: 50, most: 800 }
const SETTLE_LIMIT_MS = 180_000

/** Requests to the receiver that got a 503, were dropped before a response, or dropped after the receiver took them. */
const FAULTS = { busy: 0.03, dropped: 0.03, takenAndDropped: 0.02 }

type Fate = 'taken' | 'busy' | 'dropped' | 'takenAndDropped'

/**
 * Kills servers that share one store at random moments under load, and checks that everything they acknowledged
 * arrives.
 */
export async function crashSoak({ rounds, seed, onRound }: CrashSoakOptions): Promise<CrashSoakResult> {
  await using store = await TestStore.create()
  const fates: Fate[] = []
  const fate = fateMaker(seededRandom(seed + 1))
  await using receiver = new Receiver((response, count) => {
    const drawn = fate()
    fates[count - 1] = drawn
    if (drawn === 'dropped' || drawn === 'takenAndDropped') response.destroy()
    else response.writeHead(drawn === 'busy' ? 503 : 200).end('{"ok":true}')
  })
  await receiver.start()
  const start = () => startProgram(PROGRAM, store.environment)
  const servers = new ServerPair(await Promise.all(Array.from({ length: SERVERS }, start)), start)
  const random = seededRandom(seed)
  const callbackUrl = (random: () => number) => `${receiver.url}/d${Math.floor(random() * DESTINATIONS)}`
  const load = new Load({
    ...{ clients: 4, requestsPerSecond: 20, servers: () => servers.urls, callbackUrl },
    random: seededRandom(seed + 2),
  })
  try {
    for (let round = 1; round <= rounds; round++) {
      await delay(UNDER_LOAD_MS.least + random() * (UNDER_LOAD_MS.most - UNDER_LOAD_MS.least))
      await servers.killSome(random)
      onRound?.(round, load.acknowledged.length)
    }
    await load.stop()
    await servers.killAll()
    fate.calm()
    const settled = await settle(store, await start())
    const arrivals = receiver.received.map((request, index) => ({ ...request, taken: isTaken(fates[index]) }))
    const verdict = judge(
      load.acknowledged,
      arrivals,
      MASTER_SECRET,
      ({ url }) => receiver.url + url.split('/invoices/')[0],
    )
    return {
      ...verdict,
      ...settled,
      kills: servers.kills,
      withoutResponse: load.withoutResponse,
      refused: load.refused,
    }
  } finally {
    await load.stop()
    await servers.killAll()
  }
}

const isTaken = (fate: Fate | undefined): boolean => fate === 'taken' || fate === 'takenAndDropped'

/** Draws at random what the receiver does with each request, until it is told to be calm. */
function fateMaker(random: () => number): (() => Fate) & { calm(): void } {
  let calm = false
  const draw = (): Fate => {
    let left = calm ? 1 : random()
    for (const name of ['busy', 'dropped', 'takenAndDropped'] as const) {
      left -= FAULTS[name]
      if (left < 0) return name
    }
    return 'taken'
  }
  const becomeCalm = () => {
    calm = true
  }
  return Object.assign(draw, { calm: becomeCalm })
}

/** The servers under test: a killed one is started again. */
class ServerPair {
  kills = 0
  readonly #running: (RunningProgram | undefined)[]
  readonly #start: () => Promise<RunningProgram>

  constructor(running: readonly RunningProgram[], start: () => Promise<RunningProgram>) {
    this.#running = [...running]
    this.#start = start
  }

  get urls(): string[] {
    return this.#running.flatMap(server => (server === undefined ? [] : [server.url]))
  }

  /** Kills the first, the second or both, and starts them again. */
  async killSome(random: () => number): Promise<void> {
    const victims = [[0], [1], [0, 1]][Math.floor(random() * 3)] ?? []
    await Promise.all(victims.map(index => this.#kill(index)))
    await Promise.all(victims.map(async index => (this.#running[index] = await this.#start())))
  }

  async killAll(): Promise<void> {
    await Promise.all(this.#running.keys().map(index => this.#kill(index)))
  }

  async #kill(index: number): Promise<void> {
    const server = this.#running[index]
    if (server === undefined) return
    this.#running[index] = undefined
    this.kills++
    await server.kill()
  }
}

/**
 * Lets a process that nobody kills settle everything, including deliveries that were given up because their workers
 * died.
 */
async function settle(
  { deliveries }: TestStore,
  server: RunningProgram,
): Promise<{ givenUp: number; unsettled: number }> {
  const deadline = Date.now() + SETTLE_LIMIT_MS
  const unsettledNow = async () => {
    const { scheduled, attempting } = await deliveries.counts()
    return scheduled + attempting
  }
  let givenUp = 0
  let unsettled = await unsettledNow()
  try {
    for await (const _ of every(250)) {
      unsettled = await unsettledNow()
      const replayed = unsettled === 0 ? (await (await deliveries.replayAll()).finished()).replayed : 0
      givenUp += replayed
      if ((unsettled === 0 && replayed === 0) || Date.now() > deadline) break
    }
  } finally {
    await server.stop()
  }
  return { givenUp, unsettled }
}
