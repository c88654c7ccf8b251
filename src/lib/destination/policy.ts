import { type Clock, systemClock } from '../clock.ts'
import { memoize } from '../memoize.ts'
import { withoutFinalDots } from '../url/without-final-dots.ts'
import { type AddressRules, isAllowedAddress, isDeniedAddress } from './address/judge-address.ts'
import { interfaceAddresses, ownAddressTest, rereadAfterMs } from './address/own-addresses.ts'
import { type CompiledRules, comparableHost, compileRules } from './compiled-rules.ts'
import { deniedServicePorts, fetchBadPorts } from './denied-ports.ts'
import { isPrivateName, isTooLongName } from './host-name.ts'
import { literalAddress } from './literal-address.ts'
import type { DestinationRules } from './rules.ts'
import { type AddressVerdict, type DestinationVerdict, type RefusedDestination, refuse, refuseHost } from './verdict.ts'

/** The rules of {@link createDestinationPolicy}, and its clock and addresses. */
export interface DestinationPolicyOptions extends DestinationRules {
  /**
   * Absolute URLs of our own servers. Nothing is sent to them, by http or https, whatever `allow` says. Default: none.
   */
  readonly ownOrigins?: readonly string[]
  /** Gives the addresses of this host; called again every 5 s. Default: those of its network interfaces. */
  readonly ownAddresses?: () => readonly string[]
  /** Default: the real time. */
  readonly clock?: Clock
}

/** Judges destinations by one set of rules; see {@link createDestinationPolicy}. */
export interface DestinationPolicy {
  /** The rules as they were given. */
  readonly rules: DestinationRules
  /** Judges a URL as far as that needs no look-up. Never throws. */
  judgeUrl(url: string | URL): DestinationVerdict
  /**
   * Judges one address, whether it was looked up or written in the URL. Refuses what is not an IP address. Never
   * throws.
   */
  judgeAddress(address: string): AddressVerdict
  /** Judges all addresses of the host of an allowed URL. Refuses them all if one is refused or if there are none. */
  judgeAddresses(url: URL, addresses: readonly string[]): AddressVerdict
}

const allowed: AddressVerdict = Object.freeze({ allowed: true })

/**
 * Makes the guard's judgement: which URLs and addresses requests may go to.
 *
 * Without rules, requests may go by http and https to public addresses, without user info and fragment, on any port
 * except Fetch's bad ports and those of well-known databases, caches, brokers and cluster control. Refused are all
 * blocks of the IANA special-purpose registries, multicast, everything outside 2000::/3, IPv4 addresses hidden
 * in IPv6 addresses, this host's own addresses, `localhost`, `*.local`, `*.internal` and the names of cloud metadata
 * services. Whatever cannot be parsed is refused too.
 *
 * The policy only judges and opens no connection; `createGuardedTransport` enforces it. Throws `DestinationRuleError`
 * for an invalid rule.
 *
 * @example
 * ```ts
 * import { createDestinationPolicy } from 'ringback/destination'
 *
 * const policy = createDestinationPolicy({ allow: ['10.1.0.0/16', '*.hooks.lan'], deny: ['10.1.0.1'] })
 *
 * console.log(policy.judgeUrl('https://www.external.org/events').allowed) // true
 * console.log(policy.judgeUrl('http://10.1.2.3/').allowed) // true
 * console.log(policy.judgeUrl('http://10.1.0.1/').allowed) // false
 *
 * const verdict = policy.judgeUrl('https://www.external.org:6379/')
 * if (!verdict.allowed) console.log(verdict.reason, verdict.text) // port Port 6379 (Redis) is not allowed
 * ```
 */
export function createDestinationPolicy(options: DestinationPolicyOptions = {}): DestinationPolicy {
  const { ownOrigins = [], ownAddresses = interfaceAddresses, clock = systemClock, ...rules } = options
  const compiled = compileRules(rules, ownOrigins)
  const addressRules: AddressRules = {
    allows: compiled.allow.hasAddress,
    denies: compiled.deny.hasAddress,
    isOwn: ownAddressTest(ownAddresses, clock),
  }
  const judgeAddress = (address: string): AddressVerdict =>
    isAllowedAddress(address, addressRules) ? allowed : refuseHost('address')
  // Many URLs share few servers, so verdicts are kept for as long as this host's addresses are
  const judgeServer = memoize(
    1_000,
    (origin): AddressVerdict => {
      const url = new URL(origin)
      return judgeOrigin(url, compiled) ?? judgeHost(url, compiled, judgeAddress) ?? allowed
    },
    { ms: rereadAfterMs, clock },
  )
  return Object.freeze({
    rules: Object.freeze(rules),
    judgeAddress,
    judgeUrl(input: string | URL): DestinationVerdict {
      const url = URL.parse(String(input))
      if (url === null) return refuse('invalid-url', invalidUrlText(String(input)))
      const refused = judgeParts(url, compiled)
      if (refused !== undefined) return refused
      const verdict = judgeServer(url.origin)
      return verdict.allowed ? { allowed: true, url } : verdict
    },
    judgeAddresses(url: URL, addresses: readonly string[]) {
      const nameAllowed = compiled.allow.hasName(withoutFinalDots(url.hostname))
      const mayConnect = (address: string): boolean =>
        nameAllowed ? !isDeniedAddress(address, addressRules) : isAllowedAddress(address, addressRules)
      return addresses.length > 0 && addresses.every(mayConnect) ? allowed : refuseHost('address')
    },
  })
}

function judgeParts(url: URL, rules: CompiledRules): RefusedDestination | undefined {
  if (!rules.schemes.has(url.protocol)) {
    const names = [...rules.schemes].map(scheme => `"${scheme.slice(0, -1)}"`).join(' or ')
    return refuse('scheme', `The scheme of the URL must be ${names}`)
  }
  if (url.hostname === '') return refuse('invalid-url', invalidUrlText(url.href))
  if (isTooLongName(url.hostname))
    return refuse('invalid-url', 'The host name of the URL must not be longer than 253 characters')
  if (url.username !== '' || url.password !== '') {
    return refuse('user-info', 'The URL must not contain a user name or password')
  }
  // An empty fragment ("#" at the end) leaves `hash` empty, but `href` still contains it
  if (url.href.includes('#')) return refuse('fragment', 'The URL must not have a fragment')
  return undefined
}

function judgeOrigin(url: URL, { ownHosts, ports }: CompiledRules): RefusedDestination | undefined {
  if (ownHosts.has(comparableHost(url))) return refuse('own-origin', 'The URL must not belong to this API itself')
  return judgePort(url, ports)
}

function judgePort(url: URL, ports: ReadonlySet<number> | undefined): RefusedDestination | undefined {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  const refused = ports === undefined ? fetchBadPorts.has(port) || deniedServicePorts.has(port) : !ports.has(port)
  if (!refused) return undefined
  const service = deniedServicePorts.get(port)
  return refuse('port', `Port ${port}${service === undefined ? '' : ` (${service})`} is not allowed`)
}

function judgeHost(
  url: URL,
  { allow, deny }: CompiledRules,
  judgeAddress: DestinationPolicy['judgeAddress'],
): RefusedDestination | undefined {
  const address = literalAddress(url)
  if (address !== undefined) {
    const verdict = judgeAddress(address)
    return verdict.allowed ? undefined : verdict
  }
  const name = withoutFinalDots(url.hostname)
  if (name === '' || deny.hasName(name)) return refuseHost('name')
  return isPrivateName(name) && !allow.hasName(name) ? refuseHost('name') : undefined
}

function invalidUrlText(text: string): string {
  return text.trim() === ''
    ? 'The URL must not be empty'
    : 'The URL must be absolute and valid, such as "https://www.external.org/events"'
}
