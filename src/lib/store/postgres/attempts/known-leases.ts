/** Where a leased delivery stands. */
export interface KnownLease {
  readonly number: string
  readonly destination: string
  readonly origin: string
  /** Whether its end, where that goes well, tells nobody anything: nothing has its ordering key, and nothing was probed. */
  readonly isPlain: boolean
}

/** So many are remembered; of older ones the database is asked. */
const most = 10_000

/** What a process has leased, so that ending it needs no look at where it stands. Whether it still is leased it does not say. */
export class KnownLeases {
  readonly #known = new Map<string, KnownLease>()

  note(id: string, lease: KnownLease): void {
    this.#known.delete(id)
    this.#known.set(id, lease)
    if (this.#known.size <= most) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }

  get(id: string): KnownLease | undefined {
    return this.#known.get(id)
  }

  forget(id: string): void {
    this.#known.delete(id)
  }
}
