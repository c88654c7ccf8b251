import type { Destination } from './transport.ts'

const limit = 1_000

/** The most recent destinations about which something was noticed; each is a URL with its recipient. */
export class RecentDestinations {
  readonly #names = new Set<string>()

  has(destination: Destination): boolean {
    return this.#names.size > 0 && this.#names.has(nameOf(destination))
  }

  /** Adds a destination, and forgets the oldest one if there are too many. */
  add(destination: Destination): void {
    const [oldest] = this.#names
    if (oldest !== undefined && this.#names.size >= limit) this.#names.delete(oldest)
    this.#names.add(nameOf(destination))
  }
}

function nameOf({ url, recipient }: Destination): string {
  return JSON.stringify([url, recipient])
}
