import type { Reply } from './received.ts'

const mostKept = 1_000

/** The messages that were handled, by id: one that comes again gets the response that it got before. */
export class KnownMessages {
  readonly #known = new Map<string, { readonly number: number; reply?: Reply }>()

  /** The earlier request of that id; its reply is missing while it is being handled. */
  find(id: string): { readonly number: number; readonly reply?: Reply } | undefined {
    return this.#known.get(id)
  }

  claim(id: string, number: number): void {
    this.#known.set(id, { number })
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostKept) break
      this.#known.delete(oldest)
    }
  }

  /** What did not succeed is forgotten: the sender will try again. */
  end(id: string, reply: Reply): void {
    const known = this.#known.get(id)
    if (known === undefined) return
    if (reply.status >= 200 && reply.status < 300) known.reply = reply
    else this.#known.delete(id)
  }
}
