import { promises as dns } from 'node:dns'
import type { Clock } from '../../clock.ts'
import { type FoundAddresses, firstKinds } from './first-kinds.ts'

/** c-ares doubles its wait with each try, so that a slow answer still arrives in time. */
const tryMs = { first: 2_000, most: 8_000 }
const triesInAll = 5
const leastTries = 3

/** How often each of `servers` servers is asked. Without any, c-ares uses one server of its own. */
export function triesForEach(servers: number): number {
  return Math.max(leastTries, Math.ceil(triesInAll / Math.max(1, servers)))
}

/** One c-ares resolver. Its servers cannot be changed while questions are waiting. */
export class NameChannel {
  readonly servers: string
  readonly madeAtMs: number
  /** How many questions wait for an answer. */
  questions = 0
  /** Set when no server answered a question. */
  failed = false
  readonly #clock: Clock
  readonly #resolver: dns.Resolver

  constructor(servers: readonly string[], clock: Clock) {
    this.servers = String(servers)
    this.madeAtMs = clock.now()
    this.#clock = clock
    const tries = triesForEach(servers.length)
    this.#resolver = new dns.Resolver({ timeout: tryMs.first, maxTimeout: tryMs.most, tries })
    // c-ares may have read servers from the system in a form that `setServers` rejects, so they are set only where they
    // differ
    if (String(this.#resolver.getServers()) !== this.servers) this.#resolver.setServers(servers)
  }

  addressesOf(hostname: string): Promise<FoundAddresses> {
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
