import { type IpAddress, parseIpAddress } from './ip-address.ts'

/** A block of IP addresses of one family. */
export interface AddressBlock {
  /** The first address of the block: all bits after the prefix are zero. */
  readonly base: IpAddress
  readonly prefixLength: number
}

/**
 * Reads `10.0.0.0/8`, `fd00::/8` or a single address. Returns `undefined` for anything else, and for a block that has
 * bits set after its prefix (`10.0.0.1/8`): that is usually a mistake.
 */
export function parseAddressBlock(text: string): AddressBlock | undefined {
  const [address = '', prefix, ...rest] = text.split('/')
  const base = parseIpAddress(address)
  if (base === undefined || rest.length > 0) return undefined
  if (prefix === undefined) return { base, prefixLength: base.length * 8 }
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > base.length * 8) return undefined
  const block = { base, prefixLength: Number(prefix) }
  return isBlockStart(block) ? block : undefined
}

/** The block for a CIDR that is written in our own code. */
export function addressBlock(cidr: string): AddressBlock {
  const block = parseAddressBlock(cidr)
  if (block === undefined) throw new TypeError(`Not an address block: "${cidr}"`)
  return block
}

/** Whether the address lies in the block. Families never mix, so an IPv4-mapped address is in no IPv4 block. */
export function blockContains(block: AddressBlock, address: IpAddress): boolean {
  const { base, prefixLength } = block
  if (base.length !== address.length) return false
  const wholeBytes = prefixLength >> 3
  for (let index = 0; index < wholeBytes; index++) {
    if (base[index] !== address[index]) return false
  }
  const restBits = prefixLength & 7
  if (restBits === 0) return true
  return ((base[wholeBytes]! ^ address[wholeBytes]!) & (0xff00 >> restBits) & 0xff) === 0
}

function isBlockStart({ base, prefixLength }: AddressBlock): boolean {
  return base.every((byte, index) => {
    const keptBits = Math.min(8, Math.max(0, prefixLength - index * 8))
    return (byte & (0xff >> keptBits)) === 0
  })
}
