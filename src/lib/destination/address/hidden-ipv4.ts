import { once } from '../../once.ts'
import { type AddressBlock, addressBlock, blockContains } from './address-block.ts'
import type { IpAddress } from './ip-address.ts'

/** Which four bytes of an IPv6 address hold the IPv4 address. */
type Places = readonly [number, number, number, number]

interface HidingForm {
  readonly block: AddressBlock
  /** One entry where the form fixes the place; several where only the gateway knows how long its prefix is. */
  readonly places: readonly Places[]
  /** Teredo stores the client's address with every bit flipped (RFC 4380 section 4). */
  readonly flipped?: true
}

const LAST: Places = [12, 13, 14, 15]

/** Behind prefixes of 32, 40, 48, 56, 64 and 96 bits; the ninth byte is always skipped (RFC 6052 section 2.2). */
const TRANSLATED: readonly Places[] = [[4, 5, 6, 7], [5, 6, 7, 9], [6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], LAST]

const hidingForms = once((): readonly HidingForm[] => [
  { block: addressBlock('::ffff:0:0/96'), places: [LAST] }, // IPv4-mapped, RFC 4291 section 2.5.5.2
  { block: addressBlock('::ffff:0:0:0/96'), places: [LAST] }, // IPv4-translated, RFC 2765 section 2.1
  { block: addressBlock('64:ff9b::/96'), places: [LAST] }, // NAT64, RFC 6052 section 2.1
  { block: addressBlock('64:ff9b::/32'), places: TRANSLATED }, // NAT64 within one network, RFC 8215, and what may follow
  { block: addressBlock('2002::/16'), places: [[2, 3, 4, 5]] }, // 6to4, RFC 3056 section 2
  { block: addressBlock('2001::/32'), places: [LAST], flipped: true }, // Teredo
])

/**
 * The IPv4 addresses that an IPv6 address may contain. A gateway may forward a packet for the IPv6 address to one of
 * them. Where only the gateway knows the length of its prefix, every possible one is returned. A candidate that begins
 * with 0 is padding after a longer prefix, not a host.
 */
export function hiddenIpv4(address: IpAddress): readonly IpAddress[] {
  if (address.length !== 16) return []
  const form = hidingForms().find(({ block }) => blockContains(block, address))
  const places = form?.places ?? (isIsatap(address) ? [LAST] : [])
  const read = places.map(bytes => Uint8Array.from(bytes, place => address[place]! ^ (form?.flipped ? 0xff : 0)))
  if (read.length < 2) return read
  const hosts = read.filter(([first]) => first !== 0)
  return hosts.length === 0 ? read : hosts
}

/**
 * RFC 5214 section 6.1: under any prefix, the interface identifier is `0000:5efe` or `0200:5efe`, then the IPv4
 * address.
 */
function isIsatap(address: IpAddress): boolean {
  return (address[8]! & 0xfd) === 0 && address[9] === 0 && address[10] === 0x5e && address[11] === 0xfe
}
