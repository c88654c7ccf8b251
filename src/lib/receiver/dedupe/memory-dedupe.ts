import { randomUUID } from 'node:crypto'
import { type Clock, systemClock } from '../../clock.ts'
import { NotInTransactionError } from '../../delivery/not-in-transaction-error.ts'
import { HttpError } from '../../http/http-error.ts'
import { ClaimLostError } from './claim-lost-error.ts'
import type { ClaimedMessage, Dedupe, DedupeClaim, DedupeTimes, StoredResponse } from './dedupe.ts'
import { dedupeTimesMs } from './dedupe-times.ts'

/** The options of `memoryDedupe`. */
export interface MemoryDedupeOptions extends DedupeTimes {
  /** How many handled messages are remembered; then the oldest is forgotten early. Default: 100,000. */
  readonly limit?: number
  readonly clock?: Clock
}

const OPTION_NAMES: Readonly<Record<keyof MemoryDedupeOptions, true>> = {
  leaseSeconds: true,
  keepDays: true,
  limit: true,
  clock: true,
}

const mostRunning = 10_000
const mostCharacters = 33_554_432

/**
 * Remembers handled messages in this process, for tests and for handlers that may run twice: after a restart, or in
 * another process, the same message is handled again. At most 64 MiB of responses and `limit` messages are kept.
 *
 * @example
 * ```ts
 * import { callback } from 'ringback'
 * import { memoryDedupe, receive } from 'ringback/receiver'
 * import { generateSecret } from 'ringback/signature'
 *
 * const ping = callback.post('{$callback_url}/ping', {})
 * export const handler = receive(ping, { secrets: [generateSecret()], dedupe: memoryDedupe({ keepDays: 1 }) }, () => {})
 * ```
 */
export function memoryDedupe(options: MemoryDedupeOptions = {}): Dedupe {
  return new MemoryDedupe(options)
}

interface Handled {
  readonly until: number
  readonly response: StoredResponse
}

class MemoryDedupe implements Dedupe {
  readonly #running = new Map<string, { readonly token: string; readonly until: number }>()
  /** The oldest first. */
  readonly #handled = new Map<string, Handled>()
  readonly #times: { readonly leaseMs: number; readonly keepMs: number }
  readonly #limit: number
  readonly #clock: Clock
  #characters = 0

  constructor(options: MemoryDedupeOptions) {
    this.#times = dedupeTimesMs(options, OPTION_NAMES, 'memoryDedupe')
    this.#limit = options.limit ?? 100_000
    this.#clock = options.clock ?? systemClock
  }

  claim(key: string): DedupeClaim {
    const now = this.#clock.now()
    this.#forget(now)
    const handled = this.#handled.get(key)
    if (handled !== undefined) return { state: 'handled', response: handled.response }
    const running = this.#running.get(key)
    if (running !== undefined && running.until > now) return { state: 'running', retryAfterMs: running.until - now }
    if (running === undefined && this.#running.size >= mostRunning)
      throw new HttpError(503, 'Too many messages are being handled', { headers: { 'retry-after': '5' } })
    const token = randomUUID()
    this.#running.delete(key)
    this.#running.set(key, { token, until: now + this.#times.leaseMs })
    return { state: 'claimed', token }
  }

  complete({ key, token }: ClaimedMessage, response: StoredResponse, transaction?: unknown): void {
    if (transaction !== undefined)
      throw new NotInTransactionError('"memoryDedupe" has no database: give sqliteDedupe or postgresDedupe')
    if (this.#running.get(key)?.token !== token) throw new ClaimLostError()
    this.#running.delete(key)
    this.#handled.set(key, { until: this.#clock.now() + this.#times.keepMs, response })
    this.#characters += lengthOf(response)
  }

  release({ key, token }: ClaimedMessage): void {
    if (this.#running.get(key)?.token === token) this.#running.delete(key)
  }

  #forget(now: number): void {
    for (const [key, { until }] of this.#running) {
      if (until > now) break
      this.#running.delete(key)
    }
    for (const [key, { until, response }] of this.#handled) {
      if (until > now && this.#handled.size < this.#limit && this.#characters < mostCharacters) break
      this.#handled.delete(key)
      this.#characters -= lengthOf(response)
    }
  }
}

const lengthOf = ({ body = '', headers }: StoredResponse): number =>
  Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length, body.length)
