import { isIPv4, isIPv6 } from 'node:net'

/** The 4 or 16 bytes of an IP address. */
export type IpAddress = Uint8Array

/**
 * Reads an address as sockets and resolvers write it: `127.0.0.1`, `::1`, `::ffff:10.0.0.1`. Returns `undefined` for
 * everything else, including an address with a zone (`fe80::1%eth0`); the caller must refuse that.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number)
  if (isIPv6(text) && !text.includes('%')) return parseIpv6(text)
  return undefined
}

function parseIpv6(text: string): IpAddress {
  const [head = '', tail] = text.split('::')
  const left = ipv6Bytes(head)
  const right = tail === undefined ? [] : ipv6Bytes(tail)
  const bytes = new Uint8Array(16)
  bytes.set(left)
  bytes.set(right, 16 - right.length)
  return bytes
}

function ipv6Bytes(groups: string): number[] {
  if (groups === '') return []
  return groups.split(':').flatMap(group => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}
