import type { ClaimRequest, ClaimResult } from '../../../delivery/delivery-store.ts'
import { loadPg, type PgClient } from '../connection/load-pg.ts'
import type { WakeSignal } from './wake-signal.ts'

/** After it was told, a worker says only so much later that it waits again: it claims at least what comes meanwhile together. */
const HOLD_OFF_MS = 10
const RECONNECT_MS = { first: 500, most: 30_000 }
const ANSWER_MS = 5_000

/**
 * The side of the worker: a connection of its own that listens, and says by a lock that the worker could do more than there
 * is. Where the connection is lost, it is made again after a while; the worker looks from time to time anyway.
 */
export class WaitingWorker {
  readonly #connectionString: string
  readonly #signal: WakeSignal
  #wake: (() => void) | undefined
  #client: PgClient | undefined
  #couldDoMore = false
  #holdsOff = false
  /** Whether it has the lock. */
  #waits = false
  #isSettling = false
  #failures = 0
  #timer: NodeJS.Timeout | undefined

  constructor(connectionString: string, signal: WakeSignal) {
    this.#connectionString = connectionString
    this.#signal = signal
  }

  /** Calls `wake` when somebody has added something; gives back what ends that. */
  watch(wake: () => void): () => void {
    this.#wake = wake
    void this.#connect()
    return () => this.#stop()
  }

  /** The worker has claimed. */
  claimed({ limit }: ClaimRequest, { claimed, nextDueInMs }: ClaimResult): void {
    this.#couldDoMore = nextDueInMs !== 0 && claimed.length < limit
    void this.#settle()
  }

  #stop(): void {
    this.#wake = undefined
    clearTimeout(this.#timer)
    const client = this.#client
    this.#client = undefined
    this.#waits = false
    client?.end().catch(() => {})
  }

  /** Takes the lock or gives it back, as the worker could do more or not. */
  async #settle(): Promise<void> {
    const client = this.#client
    if (client === undefined || this.#isSettling) return
    this.#isSettling = true
    try {
      for (let goesOn = true; goesOn && client === this.#client; )
        goesOn = this.#wants === this.#waits ? false : await this.#change(client)
    } catch {
      this.#lost(client)
    } finally {
      this.#isSettling = false
    }
  }

  get #wants(): boolean {
    return this.#couldDoMore && !this.#holdsOff
  }

  /** False where another worker has the lock: then this one is told as well. */
  async #change(client: PgClient): Promise<boolean> {
    const { lock } = this.#signal
    if (this.#waits) {
      await client.query(`select pg_advisory_unlock(${lock})`)
      this.#waits = false
      return true
    }
    const { rows } = await client.query(`select pg_try_advisory_lock(${lock}) as taken`)
    if (rows[0]?.['taken'] !== true) return false
    this.#waits = true
    // What was added just before found nobody who waited.
    this.#wake?.()
    return true
  }

  #told(from: string | undefined): void {
    if (from !== this.#signal.own) this.#wake?.()
    if (this.#holdsOff) return
    this.#holdsOff = true
    void this.#settle()
    setTimeout(() => {
      this.#holdsOff = false
      void this.#settle()
    }, HOLD_OFF_MS).unref()
  }

  async #connect(): Promise<void> {
    let client: PgClient | undefined
    try {
      const { Client } = await loadPg()
      client = new Client({ ...options, connectionString: this.#connectionString })
      this.#client = client
      const made = client
      client.on('error', () => this.#lost(made))
      client.on('end', () => this.#lost(made))
      client.on('notification', ({ payload }) => this.#told(payload))
      await client.connect()
      client.unref()
      await client.query(`listen ${this.#signal.channel}`)
      this.#failures = 0
      this.#wake?.()
    } catch {
      this.#lost(client)
    }
  }

  #lost(client: PgClient | undefined): void {
    if (client !== this.#client) return
    this.#client = undefined
    this.#waits = false
    client?.end().catch(() => {})
    if (this.#wake === undefined) return
    const delayMs = Math.min(RECONNECT_MS.first * 2 ** this.#failures++, RECONNECT_MS.most)
    this.#timer = setTimeout(() => void this.#connect(), delayMs * (1 + Math.random())).unref()
  }
}

const options = {
  application_name: 'ringback waits',
  connectionTimeoutMillis: ANSWER_MS,
  query_timeout: ANSWER_MS,
  keepAlive: true,
}
