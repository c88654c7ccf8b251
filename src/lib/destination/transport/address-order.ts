import type { Clock } from '../../clock.ts'

const rememberedMs = 60_000
const rememberedLimit = 1_000

/** The order in which the addresses of a name are tried. Addresses that failed recently come last. */
export class AddressOrder {
  readonly #clock: Clock
  /** Until when each address comes last, the oldest entry first. */
  readonly #troubled = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Alternates between the families (RFC 8305 section 4), beginning with that of the first address. */
  of(addresses: readonly string[]): readonly string[] {
    if (addresses.length < 2) return addresses
    const now = this.#clock.now()
    const isTroubled = (address: string): boolean => (this.#troubled.get(address) ?? now) > now
    return [
      ...inTurn(addresses.filter(address => !isTroubled(address))),
      ...inTurn(addresses.filter(address => isTroubled(address))),
    ]
  }

  /** The address failed, or another one that began later was faster. */
  avoid(address: string): void {
    this.#troubled.delete(address)
    this.#troubled.set(address, this.#clock.now() + rememberedMs)
    if (this.#troubled.size <= rememberedLimit) return
    const [oldest] = this.#troubled.keys()
    this.#troubled.delete(oldest!)
  }

  /** The address accepted a connection. */
  forgive(address: string): void {
    this.#troubled.delete(address)
  }
}

function inTurn(addresses: readonly string[]): readonly string[] {
  const isFirst = isLike(addresses[0])
  const first = addresses.filter(isFirst)
  const second = addresses.filter(address => !isFirst(address))
  const longer = first.length > second.length ? first : second
  return longer.flatMap((_, index) => [...first.slice(index, index + 1), ...second.slice(index, index + 1)])
}

function isLike(address = ''): (other: string) => boolean {
  return other => other.includes(':') === address.includes(':')
}
