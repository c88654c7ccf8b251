import type { Clock } from '../../clock.ts'
import { DestinationRefusedError } from '../destination-refused-error.ts'
import { literalAddress } from '../literal-address.ts'
import { setPatientTimer } from '../patient-timer.ts'
import type { DestinationPolicy } from '../policy.ts'
import { CallbackUnreachableError } from '../transport/callback-unreachable-error.ts'
import { lookupDetail } from '../transport/unreachable-detail.ts'
import type { AddressVerdict } from '../verdict.ts'
import type { FoundAddresses } from './first-kinds.ts'
import { HostLookups } from './host-lookups.ts'
import { LookupNeverBegan, LookupsInFlight, NoAnswer } from './lookups-in-flight.ts'

const keepJudgedMs = 5_000
const keptHostsLimit = 1_000
/** How much longer than its attempt a look-up may run, so that its answer serves the next attempt. */
const lateAnswerMs = 30_000

/** What {@link JudgedHosts} works with. */
export interface JudgedHostsOptions {
  readonly policy: DestinationPolicy
  readonly clock: Clock
  /** Time limit for a look-up, if it is shorter than that of its attempt. */
  readonly lookupTimeoutMs: number | undefined
  /** The name servers to ask, in the form of `dns.getServers()`. */
  readonly servers: () => readonly string[]
}

/** Addresses that requests may go to. */
export type JudgedAddresses = FoundAddresses

interface JudgedAnswer extends JudgedAddresses {
  readonly verdict: AddressVerdict
}

/** The result of a look-up: judged addresses, or why there are none. */
type KeptHost = { readonly untilMs: number } & (
  | { readonly addresses: readonly string[] }
  | { readonly addresses: undefined; readonly failure: unknown }
)

/**
 * The addresses of hosts, judged. A judged answer is used for 5 s, by everybody who asks for the name in that time.
 * That is safe because connections go to exactly these addresses: if the name later points to a private address, it is
 * looked up and judged again before any packet goes there. A failed look-up is remembered for 5 s too.
 */
export class JudgedHosts {
  readonly #options: JudgedHostsOptions
  readonly #lookups: HostLookups
  readonly #inFlight: LookupsInFlight
  readonly #judging = new WeakMap<Promise<FoundAddresses>, Promise<JudgedAnswer>>()
  readonly #kept = new Map<string, KeptHost>()

  constructor(options: JudgedHostsOptions) {
    const { policy, clock, servers } = options
    this.#options = options
    this.#inFlight = new LookupsInFlight(clock)
    this.#lookups = new HostLookups(policy.rules, servers, clock)
  }

  /**
   * All addresses of the host of a URL that `judgeUrl` has allowed, for an attempt of `timeoutMs`. Rejects with {@link
   * DestinationRefusedError} if one of them is refused, and with {@link CallbackUnreachableError} if there are none.
   */
  addressesOf(url: URL, timeoutMs: number): Promise<JudgedAddresses> | JudgedAddresses {
    const literal = literalAddress(url)
    if (literal !== undefined) return { addresses: [literal] }
    const kept = this.#kept.get(url.hostname)
    if (kept === undefined || this.#options.clock.now() >= kept.untilMs) return this.#look(url, timeoutMs)
    return kept.addresses ? kept : Promise.reject(unresolved(url, kept.failure))
  }

  /** Ends the look-ups. */
  close(): void {
    this.#lookups.close()
  }

  async #look(url: URL, timeoutMs: number): Promise<JudgedAddresses> {
    const { lookupTimeoutMs = Number.POSITIVE_INFINITY } = this.#options
    const answer = await this.#answerInTime(url, Math.min(lookupTimeoutMs, timeoutMs)).catch(error => {
      throw unresolved(url, error)
    })
    if (!answer.verdict.allowed) throw new DestinationRefusedError(answer.verdict, { permanent: false })
    return answer
  }

  /** Needs no timer where the look-up has no limit of its own: the limit of the attempt ends the wait. */
  async #answerInTime(url: URL, timeMs: number): Promise<JudgedAnswer> {
    const { clock, lookupTimeoutMs } = this.#options
    const answer = this.#answerFor(url, timeMs)
    if (lookupTimeoutMs === undefined) return answer
    const { promise: outOfTime, reject } = Promise.withResolvers<never>()
    const cancel = setPatientTimer(clock, () => reject(new NoAnswer(timeMs)), timeMs)
    try {
      return await Promise.race([answer, outOfTime])
    } finally {
      cancel()
    }
  }

  /** Joins the look-up that is running for this name, or begins one. */
  #answerFor(url: URL, timeMs: number): Promise<JudgedAnswer> {
    const { hostname } = url
    const running = this.#inFlight.get(hostname)
    const known = running && this.#judging.get(running)
    if (known) return known
    const limitMs = this.#lookups.resolver === undefined ? timeMs + lateAnswerMs : timeMs
    const question = { hostname, timeMs, isWanted: () => this.#inFlight.has(hostname) }
    const found = this.#inFlight.begin(hostname, limitMs, () => this.#lookups.resolve(question))
    const judged = found.then(addresses => this.#judge(url, addresses))
    this.#judging.set(found, judged)
    judged.catch(error => this.#keepFailure(hostname, error))
    return judged
  }

  #judge(url: URL, { addresses, later }: FoundAddresses): JudgedAnswer {
    const { policy, clock } = this.#options
    const verdict = policy.judgeAddresses(url, addresses)
    if (!verdict.allowed) return { addresses, verdict }
    this.#keep(url.hostname, { addresses, untilMs: clock.now() + keepJudgedMs })
    return { addresses, verdict, later: later?.then(more => this.#judgeLater(url, addresses, more)) }
  }

  /**
   * Judges the addresses that came later. If one is refused, none are used, and the next attempt looks the name up
   * again and judges all its addresses together.
   */
  #judgeLater(url: URL, addresses: readonly string[], more: readonly string[]): readonly string[] {
    const { policy, clock } = this.#options
    const all = [...addresses, ...more]
    if (!policy.judgeAddresses(url, all).allowed) {
      this.#kept.delete(url.hostname)
      return []
    }
    this.#keep(url.hostname, { addresses: all, untilMs: clock.now() + keepJudgedMs })
    return more
  }

  /** Failures of the application's own resolver are not kept: it may cache as it likes. */
  #keepFailure(hostname: string, failure: unknown): void {
    if (failure instanceof LookupNeverBegan || this.#lookups.resolver !== undefined) return
    this.#keep(hostname, { addresses: undefined, failure, untilMs: this.#options.clock.now() + keepJudgedMs })
  }

  #keep(hostname: string, host: KeptHost): void {
    this.#kept.delete(hostname)
    this.#kept.set(hostname, host)
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= keptHostsLimit) break
      this.#kept.delete(oldest)
    }
  }
}

function unresolved(url: URL, cause: unknown): CallbackUnreachableError {
  const detail = lookupDetail(cause)
  return new CallbackUnreachableError(url.origin, 'dns', {
    cause,
    detail,
    neverBegan: cause instanceof LookupNeverBegan,
  })
}
