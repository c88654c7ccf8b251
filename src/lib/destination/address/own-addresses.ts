import { networkInterfaces } from 'node:os'
import type { Clock } from '../../clock.ts'
import { type IpAddress, parseIpAddress } from './ip-address.ts'

/** How long the addresses are used before they are read again. */
export const rereadAfterMs = 5_000

/** The addresses of this host's network interfaces, as text. */
export function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap(entries => (entries ?? []).map(entry => entry.address))
}

/**
 * Makes the test whether an address belongs to this host. Interfaces come and go, so `read` is called again after 5 s.
 */
export function ownAddressTest(read: () => readonly string[], clock: Clock): (address: IpAddress) => boolean {
  let known = new Set<string>()
  let rereadAtMs = Number.NEGATIVE_INFINITY
  return address => {
    const nowMs = clock.now()
    if (nowMs >= rereadAtMs) {
      known = new Set(read().map(text => String(parseIpAddress(text.split('%')[0]!))))
      rereadAtMs = nowMs + rereadAfterMs
    }
    return known.has(String(address))
  }
}
