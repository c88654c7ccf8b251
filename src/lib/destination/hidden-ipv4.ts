import { once } from '../once.ts'
import { type AddressBlock, addressBlock, blockContains } from './address-block.ts'
import type { IpAddress } from './ip-address.ts'

interface HidingForm {
  readonly block: AddressBlock
  /** Where the four bytes begin. */
  readonly offset: number
  /** Teredo keeps the client's address with every bit flipped (RFC 4380 section 4). */
  readonly flipped?: true
}

const hidingForms = once((): readonly HidingForm[] => [
  { block: addressBlock('::ffff:0:0/96'), offset: 12 }, // IPv4-mapped, RFC 4291 section 2.5.5.2
  { block: addressBlock('::ffff:0:0:0/96'), offset: 12 }, // IPv4-translated, RFC 2765 section 2.1
  { block: addressBlock('64:ff9b::/96'), offset: 12 }, // NAT64, RFC 6052 section 2.1
  { block: addressBlock('64:ff9b:1::/48'), offset: 12 }, // NAT64 of the own network, RFC 8215
  { block: addressBlock('2002::/16'), offset: 2 }, // 6to4, RFC 3056 section 2
  { block: addressBlock('2001::/32'), offset: 12, flipped: true }, // Teredo
])

/**
 * The IPv4 address that an IPv6 address carries inside, where its form has one: a packet to it may leave some gateway
 * as a packet to that IPv4 address.
 */
export function hiddenIpv4(address: IpAddress): IpAddress | undefined {
  if (address.length !== 16) return undefined
  if (isIsatap(address)) return address.subarray(12)
  const form = hidingForms().find(({ block }) => blockContains(block, address))
  if (form === undefined) return undefined
  const bytes = address.slice(form.offset, form.offset + 4)
  return form.flipped ? bytes.map(byte => byte ^ 0xff) : bytes
}

/** RFC 5214 section 6.1: the interface identifier is `0000:5efe` or `0200:5efe` before the IPv4 address, under any prefix. */
function isIsatap(address: IpAddress): boolean {
  return (address[8]! & 0xfd) === 0 && address[9] === 0 && address[10] === 0x5e && address[11] === 0xfe
}
