import type { Clock } from '../clock.ts'
import { CallbackUnreachableError } from './callback-unreachable-error.ts'
import { DestinationRefusedError } from './destination-refused-error.ts'
import { type DestinationPolicy, literalAddress } from './policy.ts'
import { resolveHost } from './resolve-host.ts'

const keepJudgedMs = 5_000
const keptHostsLimit = 1_000

/** What {@link JudgedHosts} works with. */
export interface JudgedHostsOptions {
  readonly policy: DestinationPolicy
  readonly clock: Clock
  readonly lookupTimeoutMs: number
}

interface JudgedHost {
  readonly addresses: Promise<readonly string[]>
  /** Infinity while the look-up is under way. */
  keepUntilMs: number
}

/**
 * The addresses that hosts stand for, judged. A judged answer is used for 5 s and by everyone who asks meanwhile. That is
 * safe because connections go to these very addresses: a name that turns private later is looked up and judged anew
 * before any packet goes to a new address.
 */
export class JudgedHosts {
  readonly #options: JudgedHostsOptions
  readonly #hosts = new Map<string, JudgedHost>()

  constructor(options: JudgedHostsOptions) {
    this.#options = options
  }

  /**
   * All addresses of the host of a URL that `judgeUrl` has allowed. Rejects with {@link DestinationRefusedError} if one
   * of them is refused, with {@link CallbackUnreachableError} if there is none in time.
   */
  addressesOf(url: URL): Promise<readonly string[]> | readonly string[] {
    const literal = literalAddress(url)
    if (literal !== undefined) return [literal]
    const known = this.#hosts.get(url.hostname)
    if (known && this.#options.clock.now() < known.keepUntilMs) return known.addresses
    return this.#look(url)
  }

  #look(url: URL): Promise<readonly string[]> {
    const host: JudgedHost = { addresses: this.#resolveAndJudge(url), keepUntilMs: Number.POSITIVE_INFINITY }
    this.#hosts.delete(url.hostname)
    this.#hosts.set(url.hostname, host)
    host.addresses.then(
      () => {
        host.keepUntilMs = this.#options.clock.now() + keepJudgedMs
      },
      () => {
        if (this.#hosts.get(url.hostname) === host) this.#hosts.delete(url.hostname)
      },
    )
    for (const [oldest] of this.#hosts) {
      if (this.#hosts.size <= keptHostsLimit) break
      this.#hosts.delete(oldest)
    }
    return host.addresses
  }

  async #resolveAndJudge(url: URL): Promise<readonly string[]> {
    const addresses = await this.#resolveInTime(url)
    const verdict = this.#options.policy.judgeAddresses(url, addresses)
    if (!verdict.allowed) throw new DestinationRefusedError(verdict, { permanent: false })
    return addresses
  }

  async #resolveInTime(url: URL): Promise<readonly string[]> {
    const { policy, clock, lookupTimeoutMs } = this.#options
    const { promise: outOfTime, reject } = Promise.withResolvers<never>()
    const cancel = clock.setTimer(() => reject(new Error(`No answer within ${lookupTimeoutMs} ms`)), lookupTimeoutMs)
    try {
      return await Promise.race([resolveHost(url.hostname, policy.rules.resolver), outOfTime])
    } catch (error) {
      throw new CallbackUnreachableError(url.origin, 'dns', { cause: error })
    } finally {
      cancel()
    }
  }
}
