import { setTimeout as delay, setInterval as every } from 'node:timers/promises'
import type { RunningProgram } from '../../support/child-process.ts'
import { Receiver } from '../../support/receiver.ts'
import { seededRandom } from '../seeded-random.ts'
import { soon } from '../soon.ts'
import { MASTER_SECRET } from '../test-store.ts'
import { type CrashStage, type CrashStore, createStage } from './crash-stage.ts'
import { judge, type Verdict } from './ledger.ts'
import { Load } from './load.ts'
import type { Victim } from './victim.ts'

/** The options of a soak; the same seed gives the same moments and the same faults of the receiver. */
export interface CrashSoakOptions {
  readonly store: CrashStore
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

const DESTINATIONS = 20
const UNDER_LOAD_MS = { least: 50, most: 800 }
const SETTLE_LIMIT_MS = 180_000
/** What waits for its time has settled so long after it. */
const DUE_LIMIT_MS = 30_000
/** After five workers died over it in a row. */
const LONGEST_WAIT_MS = 1_800_000
/** A round takes longer only where something hangs. */
const ROUND_LIMIT_MS = 120_000

/** Requests to the receiver that got a 503, were dropped before a response, or dropped after the receiver took them. */
const FAULTS = { busy: 0.03, dropped: 0.03, takenAndDropped: 0.02 }

type Fate = 'taken' | 'busy' | 'dropped' | 'takenAndDropped'

/**
 * Kills processes that share one store, and the database server where there is one, at random moments under load, and
 * checks that everything they acknowledged arrives.
 */
export async function crashSoak({ store, rounds, seed, onRound }: CrashSoakOptions): Promise<CrashSoakResult> {
  const random = seededRandom(seed)
  await using stage = await createStage(store, random)
  const fates: Fate[] = []
  const fate = fateMaker(seededRandom(seed + 1))
  await using receiver = new Receiver((response, count) => {
    const drawn = fate()
    fates[count - 1] = drawn
    if (drawn === 'dropped' || drawn === 'takenAndDropped') response.destroy()
    else response.writeHead(drawn === 'busy' ? 503 : 200).end('{"ok":true}')
  })
  await receiver.start()
  const processes = new Processes(stage.victims)
  await inTime('the start', processes, processes.startAll())
  const callbackUrl = (random: () => number) => `${receiver.url}/d${Math.floor(random() * DESTINATIONS)}`
  const load = new Load({
    ...{ clients: 4, requestsPerSecond: 20, servers: () => processes.urls, callbackUrl },
    random: seededRandom(seed + 2),
  })
  try {
    for (let round = 1; round <= rounds; round++) {
      await delay(UNDER_LOAD_MS.least + random() * (UNDER_LOAD_MS.most - UNDER_LOAD_MS.least))
      await inTime(`round ${round}`, processes, processes.killSome(random))
      onRound?.(round, load.acknowledged.length)
    }
    await load.stop()
    await inTime('the end', processes, processes.killAll())
    fate.calm()
    const settled = await settle(stage)
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
      kills: processes.kills,
      withoutResponse: load.withoutResponse,
      refused: load.refused,
    }
  } finally {
    await load.stop()
    await processes.killAll()
  }
}

/** What happens in a round, or an error that says what hangs. */
function inTime(what: string, processes: Processes, work: Promise<void>): Promise<void> {
  return soon(work, { limitMs: ROUND_LIMIT_MS, state: () => `${what} hangs:\n${processes.state()}` })
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

/** What is under test: whatever is killed is started again. */
class Processes {
  kills = 0
  readonly #victims: readonly Victim[]

  constructor(victims: readonly Victim[]) {
    this.#victims = victims
  }

  get urls(): string[] {
    return this.#victims.flatMap(({ url }) => url ?? [])
  }

  state(): string {
    return this.#victims.map(victim => victim.state()).join('\n')
  }

  async startAll(): Promise<void> {
    await Promise.all(this.#victims.map(victim => victim.start()))
  }

  /** Kills one, or several at the same moment, and starts them again. */
  async killSome(random: () => number): Promise<void> {
    const first = Math.floor(random() * this.#victims.length)
    const chosen = this.#victims.filter((_, index) => index === first || random() < 0.3)
    await this.#kill(chosen)
    await Promise.all(chosen.map(victim => victim.start()))
  }

  async killAll(): Promise<void> {
    await this.#kill(this.#victims)
  }

  async #kill(victims: readonly Victim[]): Promise<void> {
    this.kills += victims.length
    await Promise.all(victims.map(victim => victim.kill()))
  }
}

async function endLast(running: RunningProgram): Promise<void> {
  const state = () => `the last program does not end: ${running.output()}`
  await soon(running.stop(), { state }).finally(() => running.kill())
}

/**
 * Says what is not settled yet, and gives the time until which all of it is waiting: a delivery whose workers died again and
 * again waits for minutes.
 */
async function tellUnsettled(deliveries: CrashStage['deliveries']): Promise<number> {
  const { items } = await deliveries.list({ state: ['scheduled', 'attempting'] })
  for (const { id, state, nextAttemptAt = 0 } of items) {
    const attempts = (await deliveries.get(id))?.attempts.map(({ outcome }) => outcome)
    console.error(`${id} is ${state} until ${new Date(nextAttemptAt).toISOString()}: ${attempts?.join(', ')}`)
  }
  return Math.min(Date.now() + LONGEST_WAIT_MS, ...items.map(({ nextAttemptAt = 0 }) => nextAttemptAt))
}

/**
 * Lets a process that nobody kills settle everything, including deliveries that were given up because their workers
 * died.
 */
async function settle(stage: CrashStage): Promise<{ givenUp: number; unsettled: number }> {
  const { deliveries, last } = stage
  const starting = stage.prepareLast().then(() => last.start())
  await soon(starting, { limitMs: ROUND_LIMIT_MS, state: () => `the last program hangs: ${last.state()}` })
  let deadline = Date.now() + SETTLE_LIMIT_MS
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
      if (unsettled === 0 && replayed === 0) break
      if (Date.now() <= deadline) continue
      const waitsUntil = await tellUnsettled(deliveries)
      if (waitsUntil <= Date.now()) break
      deadline = waitsUntil + DUE_LIMIT_MS
    }
  } finally {
    if (last.running !== undefined) await endLast(last.running)
  }
  return { givenUp, unsettled }
}
