import type { Clock } from '../../clock.ts'
import { withoutFinalDots } from '../../url/without-final-dots.ts'
import { compileHostList } from '../host-list.ts'
import type { DestinationRules, Resolver } from '../rules.ts'
import { type FoundAddresses, firstKinds } from './first-kinds.ts'
import { type NameQuestion, NameResolver } from './name-resolver.ts'

/** How the names of hosts are looked up: by the application's own resolver, if there is one, and nothing else then. */
export class HostLookups {
  readonly resolver: Resolver | undefined
  /** Whether the operator has listed the name in `allow`. */
  readonly #isListed: (name: string) => boolean
  readonly #names: NameResolver
  readonly #clock: Clock

  /** `servers` gives the name servers to ask, in the form of `dns.getServers()`. */
  constructor({ resolver, allow = [] }: DestinationRules, servers: () => readonly string[], clock: Clock) {
    this.resolver = resolver
    this.#isListed = compileHostList('allow', allow).hasName
    this.#names = new NameResolver(servers, clock)
    this.#clock = clock
  }

  /**
   * All addresses of a name, in an array of our own. A name that the operator has listed may be in the hosts file or need
   * a search domain, so it goes to `getaddrinfo`, which can run only a few look-ups at a time. Names that a stranger can
   * make up never go there. Rejects if there are no addresses.
   */
  async resolve(question: NameQuestion): Promise<FoundAddresses> {
    const { hostname } = question
    const { resolver } = this
    if (typeof resolver === 'function') return { addresses: await resolveByApplication(hostname, resolver) }
    if (resolver !== undefined)
      return firstKinds([resolver.resolve6(hostname), resolver.resolve4(hostname)], this.#clock)
    const name = withoutFinalDots(hostname)
    // RFC 6761 section 6.3
    if (name === 'localhost' || name.endsWith('.localhost')) return { addresses: ['127.0.0.1', '::1'] }
    return this.#isListed(name) ? { addresses: await resolveBySystem(hostname) } : this.#names.resolve(question)
  }

  /** Ends the look-ups. */
  close(): void {
    this.#names.close()
  }
}

async function resolveByApplication(
  hostname: string,
  resolver: (hostname: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  // Copied, so that the judged addresses stay the same even if the resolver changes its array later
  const addresses = [...(await resolver(hostname))]
  if (addresses.length === 0) throw Object.assign(new Error(`No address for "${hostname}"`), { code: 'ENODATA' })
  return addresses
}

async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  const { lookup } = await import('node:dns/promises')
  const entries = await lookup(hostname, { all: true, order: 'verbatim' })
  return entries.map(entry => entry.address)
}
