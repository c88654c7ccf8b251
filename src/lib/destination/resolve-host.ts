import type { Resolver } from './rules.ts'

/**
 * All addresses of a name, in a list of our own: by `resolver`, else by the system's `getaddrinfo`. Rejects where it has
 * none.
 */
export async function resolveHost(hostname: string, resolver: Resolver | undefined): Promise<readonly string[]> {
  if (resolver === undefined) return resolveBySystem(hostname)
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
