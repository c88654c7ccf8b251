import type { Destination } from './transport.ts'

const limit = 1_000

/** The destinations that something was noticed of last, each a URL with its recipient. */
export class RecentDestinations {
  readonly #names = new Set<string>()

  has(destination: Destination): boolean {
    return this.#names.size > 0 && this.#names.has(nameOf(destination))
  }

  /** Forgets the one that has been there for longest where there are too many. */
  add(destination: Destination): void {
    const [oldest] = this.#names
    if (oldest !== undefined && this.#names.size >= limit) this.#names.delete(oldest)
    this.#names.add(nameOf(destination))
  }
}

function nameOf({ url, recipient }: Destination): string {
  return JSON.stringify([url, recipient])
}
