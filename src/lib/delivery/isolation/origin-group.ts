import { parseIpAddress } from '../../destination/address/ip-address.ts'
import { literalAddress } from '../../destination/literal-address.ts'
import type { DeliveryJob } from '../stored-delivery.ts'

/**
 * The group of an origin: a guess at who owns it. New origins take turns by group. The group is the recipient if the
 * application names one, else the domain under which the host's name was registered, or the network of an address. For
 * names below one domain are free, and so are the addresses of one network.
 */
export function originGroup({ recipient, origin }: Pick<DeliveryJob, 'recipient' | 'origin'>): string {
  if (recipient !== undefined) return recipient
  const url = URL.parse(origin)
  if (url === null) return origin
  const address = literalAddress(url)
  return address === undefined ? registrableDomain(url.hostname) : networkOf(address)
}

/**
 * The last two labels, or three if the last two look like a country's (`co.uk`). No list of public suffixes is needed:
 * a wrong guess only means that strangers share their turns.
 */
function registrableDomain(hostname: string): string {
  const labels = hostname.split('.').filter(label => label !== '')
  const [second = '', last = ''] = labels.slice(-2)
  const ofCountry = last.length === 2 && second.length <= 3
  return labels.slice(ofCountry ? -3 : -2).join('.')
}

/** A /24 of IPv4, a /48 of IPv6. */
function networkOf(address: string): string {
  const bytes = parseIpAddress(address) ?? []
  return [...bytes].slice(0, bytes.length === 4 ? 3 : 6).join('.')
}
