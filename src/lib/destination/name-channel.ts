import { promises as dns } from 'node:dns'
import type { Clock } from '../clock.ts'
import { firstKinds } from './first-kinds.ts'

const tryMs = 2_000

const mostTimeMs = 60_000

/** How many times each server must be asked for a question to last for `timeMs`, or for 60 s. */
export function triesWithin(timeMs: number, serverCount: number): number {
  const tries = Math.max(1, Math.floor(Math.min(timeMs, mostTimeMs) / tryMs))
  return Math.ceil(tries / Math.max(1, serverCount))
}

/** One c-ares resolver: its servers and tries cannot be changed while questions are under way. */
export class NameChannel {
  readonly servers: string
  readonly serverCount: number
  readonly tries: number
  readonly madeAtMs: number
  /** How many questions wait for an answer. */
  questions = 0
  /** Set when none of the servers answered a question. */
  failed = false
  readonly #clock: Clock
  readonly #resolver: dns.Resolver

  constructor(servers: readonly string[], tries: number, clock: Clock) {
    this.servers = String(servers)
    this.serverCount = servers.length
    this.tries = tries
    this.madeAtMs = clock.now()
    this.#clock = clock
    this.#resolver = new dns.Resolver({ timeout: tryMs, maxTimeout: tryMs, tries })
    // What c-ares has read by itself need not be in a form that it takes
    if (String(this.#resolver.getServers()) !== this.servers) this.#resolver.setServers(servers)
  }

  addressesOf(hostname: string): Promise<readonly string[]> {
    const kinds = [this.#resolver.resolve6(hostname), this.#resolver.resolve4(hostname)]
    return firstKinds(
      kinds.map(answer => this.#counted(answer)),
      this.#clock,
    )
  }

  /** Ends every question with `ECANCELLED`. */
  cancel(): void {
    this.#resolver.cancel()
  }

  async #counted(answer: Promise<string[]>): Promise<string[]> {
    this.questions++
    try {
      return await answer
    } finally {
      this.questions--
    }
  }
}
