import { BlockList, isIP } from 'node:net'
import { DefinitionError } from '../definition/definition-error.ts'
import { isAuthority } from './authority.ts'

/** What proxies say about the request that they received; anything that no proxy says is undefined. */
export interface ForwardedRequest {
  readonly clientAddress: string
  readonly protocol: 'http' | 'https' | undefined
  readonly host: string | undefined
  /** `X-Request-Id` as it was sent. */
  readonly requestId: string | undefined
}

/**
 * Reads what trusted proxies have forwarded: undefined where the request came from somebody else, or has no such
 * headers.
 */
export type ReadForwarded = (
  peerAddress: string | undefined,
  header: (name: string) => string | undefined,
) => ForwardedRequest | undefined

/** One hop, the nearest to the client first. */
interface Hop {
  readonly for: string | undefined
  readonly proto: string | undefined
  readonly host: string | undefined
}

/** More hops than any network has; entries before them were written by a client. */
const MOST_HOPS = 32

/**
 * Reads `trustedProxies`: addresses and blocks of them. Each proxy adds what it saw to the end of `X-Forwarded-For`, so
 * the list is read from its end, only as far as trusted proxies wrote it: a client may write whatever it likes before
 * that. `Forwarded` (RFC 7239) is read where there is no `X-Forwarded-For`. Throws a `DefinitionError` for an entry
 * that is neither an address nor a block.
 */
export function compileTrustedProxies(proxies: readonly string[]): ReadForwarded {
  const trusted = blockList(proxies)
  const trusts = (address: string): boolean => {
    const family = isIP(address)
    return family !== 0 && trusted.check(address, family === 6 ? 'ipv6' : 'ipv4')
  }
  return (peerAddress, header) => {
    if (peerAddress === undefined || !trusts(peerAddress)) return undefined
    const hops = hopsOf(header)
    const requestId = header('x-request-id')
    if (hops.length === 0 && requestId === undefined) return undefined
    if (hops.length === 0) return { clientAddress: peerAddress, protocol: undefined, host: undefined, requestId }
    // Starts at the nearest proxy: the first address that is not trusted is the client's, and a trusted proxy saw it.
    let index = hops.length - 1
    while (index > 0 && isTrustedHop(hops[index]!, trusts)) index -= 1
    const { for: address, proto, host } = hops[index]!
    return {
      clientAddress: address ?? peerAddress,
      protocol: proto === 'http' || proto === 'https' ? proto : undefined,
      host: host !== undefined && isAuthority(host) ? host : undefined,
      requestId,
    }
  }
}

const isTrustedHop = (hop: Hop, trusts: (address: string) => boolean): boolean =>
  hop.for !== undefined && trusts(hop.for)

function blockList(proxies: readonly string[]): BlockList {
  if (!Array.isArray(proxies) || proxies.length === 0)
    throw new DefinitionError(
      '"trustedProxies" must be a list of at least one address or block, such as ["127.0.0.1", "10.0.0.0/8"]',
    )
  const list = new BlockList()
  for (const entry of proxies) addEntry(list, entry)
  return list
}

function addEntry(list: BlockList, entry: unknown): void {
  const [address = '', bits, ...rest] = typeof entry === 'string' ? entry.split('/') : []
  const family = isIP(address)
  const length = family === 6 ? 128 : 32
  const prefix = bits === undefined ? length : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
  if (family === 0 || rest.length > 0 || prefix < 0 || prefix > length)
    throw new DefinitionError(
      `"trustedProxies" holds "${entry}", which is not an address: write one such as "10.0.0.7", or a block such as "10.0.0.0/8"`,
    )
  list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4')
}

function hopsOf(header: (name: string) => string | undefined): Hop[] {
  const addresses = listOf(header('x-forwarded-for'))
  if (addresses.length === 0) return forwardedHops(header('forwarded'))
  const protos = listOf(header('x-forwarded-proto'))
  const hosts = listOf(header('x-forwarded-host'))
  return addresses.map((address, index) => ({
    for: plainNode(address),
    proto: atHop(protos, { index, of: addresses.length })?.toLowerCase(),
    host: atHop(hosts, { index, of: addresses.length }),
  }))
}

/** Proxies that only add to the list of addresses give one value for all hops; others add to each list. */
const atHop = (values: readonly string[], { index, of }: { index: number; of: number }): string | undefined =>
  values.length === of ? values[index] : values.at(-1)

const listOf = (value: string | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
    .slice(-MOST_HOPS)

/** RFC 7239, section 4: elements of pairs, whose values may be quoted. */
function forwardedHops(value: string | undefined): Hop[] {
  return splitQuoted(value ?? '', ',')
    .slice(-MOST_HOPS)
    .map(element => {
      const pairs = new Map(splitQuoted(element, ';').map(pairOf))
      const address = pairs.get('for')
      return {
        for: address === undefined ? undefined : plainNode(address),
        proto: pairs.get('proto')?.toLowerCase(),
        host: pairs.get('host'),
      }
    })
}

function pairOf(text: string): readonly [name: string, value: string] {
  const sign = text.indexOf('=')
  const value = text.slice(sign + 1).trim()
  return [text.slice(0, Math.max(sign, 0)).trim().toLowerCase(), value.startsWith('"') ? unquoted(value) : value]
}

const unquoted = (text: string): string => text.slice(1, -1).replace(/\\(.)/g, '$1')

/** The non-empty parts between unquoted separators, found in one pass over any text. */
function splitQuoted(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  for (let index = 0; index <= text.length; index += 1) {
    const character = text[index]
    if (quoted && character === '\\') index += 1
    else if (character === '"') quoted = !quoted
    else if (index >= text.length || (!quoted && character === separator)) {
      const part = text.slice(start, index).trim()
      if (part !== '') parts.push(part)
      start = index + 1
    }
  }
  return parts
}

/** An address without port and brackets; undefined for a name that hides it (RFC 7239, section 6). */
function plainNode(node: string): string | undefined {
  const bracketed = /^\[(.+)\](?::\d+)?$/.exec(node)?.[1]
  const address = bracketed ?? (/^[\d.]+:\d+$/.test(node) ? node.slice(0, node.indexOf(':')) : node)
  return isIP(address) === 0 ? undefined : address
}
