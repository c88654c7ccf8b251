import { setTimeout as delay, setInterval as every } from 'node:timers/promises'
import { createDelivery, type DeliveryEngine } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'
import { type RunningProgram, startProgram } from '../../support/child-process.ts'
import { seededRandom } from '../seeded-random.ts'
import { MASTER_SECRET, TestStore } from '../test-store.ts'
import type { Fate } from './fate.ts'
import { FaultyReceiver, type SeenRequest } from './faulty-receiver.ts'
import { retryDelaysSeconds, type Sent, type Stop, type Story, tookOwnStray, violationsOf } from './judge-deliveries.ts'
import { stopNowAndThen } from './stopped-workers.ts'

/** The options of a soak of the network; the same seed gives the same faults and moments. */
export interface NetworkSoakOptions {
  /** How long deliveries are sent. */
  readonly seconds: number
  readonly perSecond: number
  readonly seed: number
  /** What may happen beside taking a request. */
  readonly fates: readonly Fate[]
  /** Called now and then while deliveries are waited for. */
  readonly onWait?: (unsettled: number) => void
}

/** The results of a soak. */
export interface NetworkSoakResult {
  readonly sent: number
  readonly requests: number
  /** How often each thing happened. */
  readonly fates: Readonly<Record<string, number>>
  readonly violations: readonly string[]
  /** Deliveries that took the stray response of their own destination. */
  readonly ownStrays: number
  /** Deliveries that were not settled in time. */
  readonly unsettled: number
  readonly stops: number
  /** The longest that a delivery to a healthy destination waited for its first request. */
  readonly longestHealthyMs: number
}

const WORKER = new URL('../../programs/delivery-worker.ts', import.meta.url)
const ORIGINS = { faulty: 8, healthy: 4 }
const PATHS = 12
const FAULTY_SHARE = 0.3
const TIMEOUT_MS = 1_000
/** Time-outs and a 429 wait for a minute, and twice that when they come in a row. */
const SETTLE_LIMIT_MS = 300_000

/** Sends to receivers that behave as real ones do, by two workers of which one stands still now and then. */
export async function networkSoak(options: NetworkSoakOptions): Promise<NetworkSoakResult> {
  await using store = await TestStore.create()
  await using town = await Town.build(options)
  await using workers = new AsyncDisposableStack()
  const [, second] = await Promise.all([startWorker(store, workers), startWorker(store, workers)])
  const ending = new AbortController()
  const stopping = stopNowAndThen(second, store.path, {
    random: seededRandom(options.seed + 1),
    signal: ending.signal,
  })
  const engine = createDelivery({
    store: sqliteStore({ path: store.path }),
    signing: { masterSecret: MASTER_SECRET },
    worker: false,
  })
  try {
    const sent = await sendAll(engine, town, options)
    town.calm()
    ending.abort()
    const stops = await stopping
    const unsettled = await settled(engine, options.onWait)
    return { unsettled, ...(await judge(engine, { sent, stops, seen: town.seen })) }
  } finally {
    ending.abort()
    await engine.close()
  }
}

async function startWorker(store: TestStore, workers: AsyncDisposableStack): Promise<RunningProgram> {
  const worker = await startProgram(WORKER, store.environment)
  workers.defer(() => worker.kill())
  return worker
}

/** The receivers: on each faulty origin one path is healthy, and some origins are healthy altogether. */
class Town extends AsyncDisposableStack {
  readonly seen: SeenRequest[] = []
  readonly #destinations: { readonly url: string; readonly healthy: boolean }[] = []
  readonly #random: () => number
  readonly #fates: readonly Fate[]
  #calm = false

  static async build({ seed, fates }: NetworkSoakOptions): Promise<Town> {
    const town = new Town(seededRandom(seed), fates)
    for (let origin = 0; origin < ORIGINS.faulty + ORIGINS.healthy; origin++) await town.#open(origin >= ORIGINS.faulty)
    return town
  }

  private constructor(random: () => number, fates: readonly Fate[]) {
    super()
    this.#random = random
    this.#fates = fates
  }

  /** From now on every request is taken. */
  calm(): void {
    this.#calm = true
  }

  draw(): { readonly url: string; readonly healthy: boolean } {
    const drawn = this.#destinations[Math.floor(this.#random() * this.#destinations.length)]
    if (drawn === undefined) throw new Error('There are no destinations')
    return drawn
  }

  async #open(healthy: boolean): Promise<void> {
    const receiver = this.use(new FaultyReceiver(this.seen, { random: this.#random, fate: path => this.#fateOf(path) }))
    const origin = await receiver.start()
    for (let path = 0; path < PATHS; path++) {
      const takesAll = healthy || path === 0
      this.#destinations.push({ url: `${origin}/${takesAll ? 'healthy' : 'faulty'}${path}`, healthy: takesAll })
    }
  }

  #fateOf(path: string): Fate {
    if (this.#calm || path.startsWith('/healthy') || this.#random() >= FAULTY_SHARE) return 'taken'
    return this.#fates[Math.floor(this.#random() * this.#fates.length)] ?? 'taken'
  }
}

async function sendAll(engine: DeliveryEngine, town: Town, options: NetworkSoakOptions): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  const ends = performance.now() + options.seconds * 1_000
  while (performance.now() < ends) {
    const pause = delay(1_000 / options.perSecond)
    const { url, healthy } = town.draw()
    const at = Date.now()
    const { id } = await engine.send({
      ...{ operation: 'createInvoice', callback: 'invoiceNotification', method: 'POST' },
      ...{ url: `${url}/invoices/${sent.length}`, destination: url, retryDelaysSeconds, timeoutMs: TIMEOUT_MS },
      body: new TextEncoder().encode(`{"number":${sent.length}}`),
    })
    sent.push({ id, at, healthy })
    await pause
  }
  return sent
}

/** Waits until everything is settled; gives how many are not in time. */
async function settled({ deliveries }: DeliveryEngine, onWait?: (unsettled: number) => void): Promise<number> {
  const deadline = Date.now() + SETTLE_LIMIT_MS
  for await (const _ of every(250)) {
    const { scheduled, attempting } = await deliveries.counts()
    if (scheduled + attempting === 0 || Date.now() > deadline) return scheduled + attempting
    onWait?.(scheduled + attempting)
  }
  throw new Error('The waiting ended by itself')
}

interface SoakRecord {
  readonly sent: readonly Sent[]
  readonly stops: readonly Stop[]
  readonly seen: readonly SeenRequest[]
}

async function judge({ deliveries }: DeliveryEngine, { sent, stops, seen }: SoakRecord) {
  const numbered = seen.map((request, number) => ({ ...request, number }))
  const requestsOf = Map.groupBy(numbered, ({ delivery }) => delivery)
  const violations: string[] = []
  let [longestHealthyMs, ownStrays] = [0, 0]
  for (const each of sent) {
    const requests = requestsOf.get(each.id) ?? []
    const story: Story = { sent: each, requests, stored: await deliveries.get(each.id) }
    if (tookOwnStray(story, seen)) ownStrays++
    else violations.push(...violationsOf(story, stops))
    const [first] = requests
    if (each.healthy && first !== undefined) longestHealthyMs = Math.max(longestHealthyMs, first.at - each.at)
  }
  const fates = Object.fromEntries(
    [...Map.groupBy(seen, ({ fate }) => fate)].map(([fate, requests]) => [fate, requests.length]),
  )
  return {
    sent: sent.length,
    requests: seen.length,
    fates,
    violations,
    ownStrays,
    stops: stops.length,
    longestHealthyMs,
  }
}
