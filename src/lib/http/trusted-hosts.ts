import { DefinitionError } from '../definition/definition-error.ts'

/** Says whether a host, with or without a port as in `Host`, is one of the application's own. */
export type TrustsHost = (authority: string) => boolean

interface Authority {
  /** In lower case, without a last dot; an address as WHATWG URL writes it. */
  readonly host: string
  /** Undefined if it is missing, 80 or 443: behind a proxy the scheme is not known. */
  readonly port: string | undefined
}

/** An entry of the list; `below` means all names that end with `host`, which then begins with a dot. */
interface Entry extends Authority {
  readonly below: boolean
}

/** Reads `trustedHosts`. Throws a `DefinitionError` for an empty list, and for an entry that is not a host or is "*". */
export function compileTrustedHosts(hosts: readonly string[]): TrustsHost {
  if (!Array.isArray(hosts) || hosts.length === 0)
    throw new DefinitionError(
      '"trustedHosts" must be a list of at least one host, such as ["api.example.com", "*.example.com"]',
    )
  const entries = hosts.map(parseEntry)
  // Most requests to an application have the same host.
  let lastTrusted: string | undefined
  return authority => {
    if (authority === lastTrusted) return true
    const asked = parseAuthority(authority)
    if (asked === undefined || !entries.some(entry => covers(entry, asked))) return false
    lastTrusted = authority
    return true
  }
}

function covers(entry: Entry, { host, port }: Authority): boolean {
  if (entry.port !== undefined && entry.port !== port) return false
  return entry.below ? host.endsWith(entry.host) && host.length > entry.host.length : host === entry.host
}

function parseEntry(text: string): Entry {
  const below = typeof text === 'string' && text.startsWith('*.')
  const parsed = typeof text === 'string' ? parseAuthority(below ? text.slice(2) : text) : undefined
  if (parsed === undefined || parsed.host === '' || parsed.host.includes('*') || (below && isAddress(parsed.host)))
    throw new DefinitionError(
      `"trustedHosts" contains "${text}", which is not a host: write a name such as "api.example.com", "*.example.com" for all names below it, or an address, each with or without a port`,
    )
  return below ? { ...parsed, host: `.${parsed.host}`, below } : { ...parsed, below }
}

/** The entries that trust nearly everybody, such as "*.com": a whole top-level domain. */
export const wideTrustedHosts = (hosts: readonly string[]): string[] =>
  hosts.filter(host => /^\*\.[^.]+\.?$/.test(host) && !/^\*\.localhost\b/i.test(host))

const isAddress = (host: string): boolean => host.startsWith('[') || /^[\d.]+$/.test(host)

/** The grammar of `Host` (RFC 9110, section 7.2) as far as a URL parser would take more. */
const NO_HOST = /[\s/\\?#@]/

function parseAuthority(text: string): Authority | undefined {
  const url = NO_HOST.test(text) ? null : URL.parse(`http://${text}`)
  if (url === null) return undefined
  const { hostname, port } = url
  return {
    host: hostname.endsWith('.') ? hostname.slice(0, -1) : hostname,
    port: DEFAULT_PORTS.has(port) ? undefined : port,
  }
}

const DEFAULT_PORTS: ReadonlySet<string> = new Set(['', '80', '443'])
