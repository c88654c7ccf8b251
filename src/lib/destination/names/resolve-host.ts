import type { Clock } from '../../clock.ts'
import { withoutFinalDots } from '../../url/without-final-dots.ts'
import type { Resolver } from '../rules.ts'
import { type FoundAddresses, firstKinds } from './first-kinds.ts'
import type { NameQuestion, NameResolver } from './name-resolver.ts'

/** What the look-up of a name goes by. */
export interface HostLookups {
  /** The application's own; then nothing else is asked. */
  readonly resolver: Resolver | undefined
  /** Whether the operator has listed the name. */
  readonly isListed: (name: string) => boolean
  readonly names: NameResolver
  readonly clock: Clock
}

/**
 * All addresses of a name, in a list of our own. Names that the operator has listed may stand in the hosts file or need
 * a search domain: they go by `getaddrinfo`, of which few can run at a time. No name that a stranger can invent gets there.
 * Rejects where there is none.
 */
export async function resolveHost(question: NameQuestion, lookups: HostLookups): Promise<FoundAddresses> {
  const { hostname } = question
  const { resolver, isListed, names, clock } = lookups
  if (typeof resolver === 'function') return { addresses: await resolveByApplication(hostname, resolver) }
  if (resolver !== undefined) return firstKinds([resolver.resolve6(hostname), resolver.resolve4(hostname)], clock)
  const name = withoutFinalDots(hostname)
  // RFC 6761 section 6.3
  if (name === 'localhost' || name.endsWith('.localhost')) return { addresses: ['127.0.0.1', '::1'] }
  return isListed(name) ? { addresses: await resolveBySystem(hostname) } : names.resolve(question)
}

async function resolveByApplication(
  hostname: string,
  resolver: (hostname: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  // What is judged is what is connected to, even if the resolver goes on with its list
  const addresses = [...(await resolver(hostname))]
  if (addresses.length === 0) throw Object.assign(new Error(`No address for "${hostname}"`), { code: 'ENODATA' })
  return addresses
}

async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  const { lookup } = await import('node:dns/promises')
  const entries = await lookup(hostname, { all: true, order: 'verbatim' })
  return entries.map(entry => entry.address)
}
