import { withoutFinalDots } from '../../url/without-final-dots.ts'
import type { Resolver } from '../rules.ts'
import type { NameQuestion, NameResolver } from './name-resolver.ts'

/** What the look-up of a name goes by. */
export interface HostLookups {
  /** The application's own; then nothing else is asked. */
  readonly resolver: Resolver | undefined
  /** Whether the operator has listed the name. */
  readonly isListed: (name: string) => boolean
  readonly names: NameResolver
}

/**
 * All addresses of a name, in a list of our own. Names that the operator has listed may stand in the hosts file or need
 * a search domain: they go by `getaddrinfo`, of which few can run at a time. No name that a stranger can invent gets there.
 * Rejects where there is none.
 */
export async function resolveHost(question: NameQuestion, lookups: HostLookups): Promise<readonly string[]> {
  const { hostname } = question
  const { resolver, isListed, names } = lookups
  if (resolver !== undefined) return resolveByApplication(hostname, resolver)
  const name = withoutFinalDots(hostname)
  // RFC 6761 section 6.3
  if (name === 'localhost' || name.endsWith('.localhost')) return ['127.0.0.1', '::1']
  return isListed(name) ? resolveBySystem(hostname) : names.resolve(question)
}

async function resolveByApplication(hostname: string, resolver: Resolver): Promise<readonly string[]> {
  const found = typeof resolver === 'function' ? await resolver(hostname) : await resolveByRecords(hostname, resolver)
  // What is judged is what is connected to, even if the resolver goes on with its list
  const addresses = [...found]
  if (addresses.length === 0) throw new Error(`No address for "${hostname}"`)
  return addresses
}

async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  const { lookup } = await import('node:dns/promises')
  const entries = await lookup(hostname, { all: true, order: 'verbatim' })
  return entries.map(entry => entry.address)
}

async function resolveByRecords(
  hostname: string,
  resolver: Exclude<Resolver, (hostname: string) => unknown>,
): Promise<readonly string[]> {
  const [ipv6, ipv4] = await Promise.allSettled([resolver.resolve6(hostname), resolver.resolve4(hostname)])
  const addresses = [ipv6, ipv4].flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
  // Most names have one kind only, and the other look-up fails; that matters where neither gave an address
  if (addresses.length === 0 && ipv4.status === 'rejected') throw ipv4.reason
  return addresses
}
