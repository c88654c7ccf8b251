import type { Handled } from './received.ts'

const mostRequests = 200
const mostBytes = 16 * 1024 * 1024

/** The latest requests, whose details may still be asked for. */
export class KeptRequests {
  readonly #kept = new Map<number, Handled>()
  #bytes = 0

  add(handled: Handled): void {
    this.#kept.set(handled.received.number, handled)
    this.#bytes += sizeOf(handled)
    for (const [number, oldest] of this.#kept) {
      if (this.#kept.size <= mostRequests && this.#bytes <= mostBytes) break
      this.#kept.delete(number)
      this.#bytes -= sizeOf(oldest)
    }
  }

  /** That of a number, else the latest. */
  find(number: number | undefined): Handled | undefined {
    return number === undefined ? [...this.#kept.values()].at(-1) : this.#kept.get(number)
  }
}

const sizeOf = ({ received, judged }: Handled): number => received.body.length + judged.reply.body.length
