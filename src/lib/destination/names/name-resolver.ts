import type { Clock } from '../../clock.ts'
import { errorCode } from '../../error-code.ts'
import type { FoundAddresses } from './first-kinds.ts'
import { NameChannel } from './name-channel.ts'

/** One name to look up. */
export interface NameQuestion {
  readonly hostname: string
  /** For how long silent servers are asked again. */
  readonly timeMs: number
  readonly isWanted: () => boolean
}

const renewAfterMs = 60_000
const rereadAfterMs = 1_000
/** Two for each name, including those that nobody waits for any more. */
const questionsLimit = 4_000

/**
 * Asks the name servers through c-ares, which waits for any number of answers on one socket. `getaddrinfo` would hold a
 * thread for as long as a server is silent, and the process has few threads.
 */
export class NameResolver {
  readonly #servers: () => readonly string[]
  readonly #clock: Clock
  readonly #channels = new Set<NameChannel>()
  #current: NameChannel | undefined
  #rereadAtMs = Number.NEGATIVE_INFINITY
  #closed = false

  /** `servers` gives the name servers to ask, in the form of `dns.getServers()`. */
  constructor(servers: () => readonly string[], clock: Clock) {
    this.#servers = servers
    this.#clock = clock
  }

  /** All addresses of a name. Rejects if there are none. */
  async resolve(question: NameQuestion): Promise<FoundAddresses> {
    const endsAtMs = this.#clock.now() + question.timeMs
    for (;;) {
      if (this.#closed) throw new Error('The transport is closed')
      const channel = this.#channelFor()
      try {
        return await channel.addressesOf(question.hostname)
      } catch (error) {
        if (!question.isWanted()) throw error
        if (errorCode(error) === 'EBADRESP') return await this.#askAlone(question)
        const hasTime = errorCode(error) === 'ETIMEOUT' && this.#clock.now() < endsAtMs
        if (!this.#mayAskAgain(channel, error) && !hasTime) throw error
      }
    }
  }

  /** Ends every question. */
  close(): void {
    this.#closed = true
    for (const channel of this.#channels) channel.cancel()
  }

  #channelFor(): NameChannel {
    const channel = this.#current
    if (channel === undefined) return this.#renew()
    if (this.#questions >= questionsLimit) {
      const old = [...this.#channels]
      const renewed = this.#renew()
      for (const each of old) each.cancel()
      return renewed
    }
    const nowMs = this.#clock.now()
    if (nowMs < this.#rereadAtMs) return channel
    this.#rereadAtMs = nowMs + rereadAfterMs
    const servers = this.#servers()
    const isOld = channel.failed || nowMs >= channel.madeAtMs + renewAfterMs || channel.servers !== String(servers)
    return isOld ? this.#renew() : channel
  }

  get #questions(): number {
    let sum = 0
    for (const { questions } of this.#channels) sum += questions
    return sum
  }

  #renew(): NameChannel {
    const servers = this.#servers()
    for (const channel of this.#channels) if (channel.questions === 0) this.#channels.delete(channel)
    this.#current = new NameChannel(servers, this.#clock)
    this.#channels.add(this.#current)
    this.#rereadAtMs = this.#clock.now() + rereadAfterMs
    return this.#current
  }

  /**
   * A malformed answer ends every question on its socket. So the name that got one is asked again on a socket of its
   * own, where it harms no other name.
   */
  #askAlone({ hostname }: NameQuestion): Promise<FoundAddresses> {
    const channel = new NameChannel(this.#servers(), this.#clock)
    this.#channels.add(channel)
    return channel.addressesOf(hostname).finally(() => this.#channels.delete(channel))
  }

  /**
   * Whether to ask again: the question was cancelled to make room, or no server answered and the servers have changed
   * since.
   */
  #mayAskAgain(channel: NameChannel, error: unknown): boolean {
    const code = errorCode(error)
    if (code === 'ECANCELLED') return true
    if (code !== 'ECONNREFUSED' && code !== 'ETIMEOUT') return false
    channel.failed = true
    if (String(this.#servers()) === channel.servers) return false
    if (this.#current?.servers === channel.servers) this.#current = undefined
    return true
  }
}
