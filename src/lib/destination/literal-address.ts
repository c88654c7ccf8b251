import { isIP } from 'node:net'

/**
 * The address that is written as the host of a URL, without the brackets of IPv6; `undefined` if the host is a name.
 */
export function literalAddress(url: URL): string | undefined {
  const { hostname } = url
  if (hostname.startsWith('[')) return hostname.slice(1, -1)
  return isIP(hostname) === 4 ? hostname : undefined
}
