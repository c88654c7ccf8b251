import { parseIpAddress } from '../../destination/address/ip-address.ts'
import { literalAddress } from '../../destination/literal-address.ts'
import type { DeliveryJob } from '../stored-delivery.ts'

/**
 * Whose origin it is, as far as one can tell: new origins of one group take turns with those of the others. That is the
 * recipient where the application names one, else the domain that the host's name was registered under, or the network
 * of an address: names below one domain are free, and so are the addresses of one network.
 */
export function originGroup({ recipient, origin }: Pick<DeliveryJob, 'recipient' | 'origin'>): string {
  if (recipient !== undefined) return recipient
  const url = URL.parse(origin)
  if (url === null) return origin
  const address = literalAddress(url)
  return address === undefined ? registrableDomain(url.hostname) : networkOf(address)
}

/**
 * The last two labels, or three where the last two look like those of a country (`co.uk`). No list of public suffixes is
 * asked: a wrong guess only lets strangers take turns with one another.
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
