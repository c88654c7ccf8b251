import { once } from '../../once.ts'
import { addressBlock, blockContains } from './address-block.ts'
import { hiddenIpv4 } from './hidden-ipv4.ts'
import { type IpAddress, parseIpAddress } from './ip-address.ts'
import { specialAddressBlocks } from './special-address-blocks.ts'

/** Read at the first judgement: Node needs 10 ms for the first IPv6 address that it is asked about. */
const blocks = once(() => {
  const special = specialAddressBlocks.map(([cidr]) => addressBlock(cidr))
  return {
    /** IANA gives out global unicast addresses from this block only (RFC 4291 section 2.4). */
    globalUnicast: addressBlock('2000::/3'),
    specialIpv4: special.filter(block => block.base.length === 4),
    specialIpv6: special.filter(block => block.base.length === 16),
  }
})

/** Whether the address is an ordinary one of the public Internet. */
export function isPublicAddress(address: IpAddress): boolean {
  const { globalUnicast, specialIpv4, specialIpv6 } = blocks()
  if (address.length === 4) return !specialIpv4.some(block => blockContains(block, address))
  return (
    blockContains(globalUnicast, address) &&
    hiddenIpv4(address).length === 0 &&
    !specialIpv6.some(block => blockContains(block, address))
  )
}

/** What `isAllowedAddress` needs to know of the rules and of this host. */
export interface AddressRules {
  readonly allows: (address: IpAddress) => boolean
  readonly denies: (address: IpAddress) => boolean
  readonly isOwn: (address: IpAddress) => boolean
}

/** Whether requests may go to the address, by the rules of addresses alone. What cannot be parsed may not. */
export function isAllowedAddress(text: string, rules: AddressRules): boolean {
  const address = parseIpAddress(text)
  return address !== undefined && mayGoTo(address, rules)
}

/**
 * Whether the address is on the deny list, or carries one that is. What cannot be parsed counts as denied.
 */
export function isDeniedAddress(text: string, rules: AddressRules): boolean {
  const address = parseIpAddress(text)
  if (address === undefined) return true
  return rules.denies(address) || hiddenIpv4(address).some(rules.denies)
}

function mayGoTo(address: IpAddress, rules: AddressRules): boolean {
  if (rules.denies(address)) return false
  if (!rules.allows(address)) return isPublicAddress(address) && !rules.isOwn(address)
  // Whoever allows a block of NAT64 means the public hosts behind it: the address inside is judged as well
  return hiddenIpv4(address).every(hidden => mayGoTo(hidden, rules))
}
