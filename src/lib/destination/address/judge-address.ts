import { once } from '../../once.ts'
import { addressBlock, blockContains } from './address-block.ts'
import { hiddenIpv4 } from './hidden-ipv4.ts'
import { type IpAddress, parseIpAddress } from './ip-address.ts'
import { specialAddressBlocks } from './special-address-blocks.ts'

/** Built when the first address is judged: Node needs 10 ms for the first IPv6 address in a process. */
const blocks = once(() => {
  const special = specialAddressBlocks.map(([cidr]) => addressBlock(cidr))
  return {
    /** IANA assigns global unicast addresses from this block only (RFC 4291 section 2.4). */
    globalUnicast: addressBlock('2000::/3'),
    specialIpv4: special.filter(block => block.base.length === 4),
    specialIpv6: special.filter(block => block.base.length === 16),
  }
})

/** Whether this is an ordinary address of the public Internet. */
export function isPublicAddress(address: IpAddress): boolean {
  const { globalUnicast, specialIpv4, specialIpv6 } = blocks()
  if (address.length === 4) return !specialIpv4.some(block => blockContains(block, address))
  return (
    blockContains(globalUnicast, address) &&
    hiddenIpv4(address).length === 0 &&
    !specialIpv6.some(block => blockContains(block, address))
  )
}

/** What the judgement needs to know of the rules and of this host. */
export interface AddressRules {
  readonly allows: (address: IpAddress) => boolean
  readonly denies: (address: IpAddress) => boolean
  readonly isOwn: (address: IpAddress) => boolean
}

/** Whether requests may go to this address, judged by the rules for addresses alone. False if it cannot be parsed. */
export function isAllowedAddress(text: string, rules: AddressRules): boolean {
  const address = parseIpAddress(text)
  return address !== undefined && mayGoTo(address, rules)
}

/** Whether the address is on the deny list, or contains an IPv4 address that is. True if it cannot be parsed. */
export function isDeniedAddress(text: string, rules: AddressRules): boolean {
  const address = parseIpAddress(text)
  if (address === undefined) return true
  return rules.denies(address) || hiddenIpv4(address).some(rules.denies)
}

function mayGoTo(address: IpAddress, rules: AddressRules): boolean {
  if (rules.denies(address)) return false
  if (!rules.allows(address)) return isPublicAddress(address) && !rules.isOwn(address)
  // Allowing a block of NAT64 means allowing the public hosts behind it, so the address inside is judged as well
  return hiddenIpv4(address).every(hidden => mayGoTo(hidden, rules))
}
