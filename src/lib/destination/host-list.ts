import { withoutFinalDots } from '../url/without-final-dots.ts'
import { type AddressBlock, blockContains, parseAddressBlock } from './address/address-block.ts'
import type { IpAddress } from './address/ip-address.ts'
import { DestinationRuleError } from './destination-rule-error.ts'
import { nameMatcher } from './host-name.ts'

/** The compiled form of `allow` or `deny`. */
export interface HostList {
  readonly hasName: (name: string) => boolean
  readonly hasAddress: (address: IpAddress) => boolean
}

/**
 * Compiles the entries of a rule. Throws {@link DestinationRuleError} for an entry that is not a name, address or
 * block.
 */
export function compileHostList(rule: string, entries: readonly string[]): HostList {
  const names: string[] = []
  const blocks: AddressBlock[] = []
  for (const entry of entries) {
    const block = typeof entry === 'string' ? parseAddressBlock(entry) : undefined
    if (block) blocks.push(block)
    else names.push(readName(rule, entry))
  }
  return { hasName: nameMatcher(names), hasAddress: address => blocks.some(block => blockContains(block, address)) }
}

function readName(rule: string, entry: unknown): string {
  const [wildcard, bareName] =
    typeof entry === 'string' && entry.startsWith('*.') ? ['*.', entry.slice(2)] : ['', entry]
  const url =
    typeof bareName === 'string' && /^[^\s/?#@:[\]\\*%]+$/.test(bareName) ? URL.parse(`http://${bareName}`) : null
  const name = withoutFinalDots(url?.hostname ?? '')
  // WHATWG URL reads a name whose last label is a number as an IPv4 address: "10.1" would silently mean 10.0.0.1
  if (name === '' || /^[\d.]+$/.test(name)) {
    throw new DestinationRuleError(
      rule,
      `"${String(entry)}" is not a host name ("hooks.lan", "*.lan"), IP address ("10.0.0.7") or block ("10.0.0.0/8")`,
    )
  }
  return wildcard + name
}
