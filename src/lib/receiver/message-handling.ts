import type { StoredResponse } from './dedupe/dedupe.ts'
import type { DedupeClaimed } from './dedupe/handled-once.ts'
import { type EncodeResult, RespondedResult } from './encode-result.ts'
import type { BoundNested } from './nested-callbacks.ts'
import type { ReceiverRespondOptions } from './received.ts'

/** What `handled` made: its response is stored already, or will be with the handler's transaction. */
class HandledResult {
  readonly '~received' = true
  readonly response: StoredResponse

  constructor(response: StoredResponse) {
    this.response = response
  }
}

/** One run of a handler, from the message to the response that it gives. */
export class MessageHandling {
  readonly #encode: EncodeResult
  readonly #nested: BoundNested
  readonly #claim: DedupeClaimed

  constructor(encode: EncodeResult, nested: BoundNested, claim: DedupeClaimed) {
    this.#encode = encode
    this.#nested = nested
    this.#claim = claim
  }

  /** Runs the handler and stores its response, unless it has done so itself. */
  async run(handler: (received: object) => unknown, received: object): Promise<StoredResponse> {
    const { callbacks } = this.#nested
    const respond = (status: number, body?: unknown, options?: ReceiverRespondOptions) =>
      new RespondedResult(status, body, options)
    const result = await handler({ ...received, callbacks, respond, handled: this.#handled })
    const response = result instanceof HandledResult ? result.response : await this.#encode(result)
    await this.#nested.store(response)
    if (!(result instanceof HandledResult)) await this.#claim.settle(response)
    return response
  }

  /** Gives a promise only where a schema or the database does, so that an SQLite transaction needs to wait for nothing. */
  readonly #handled = (
    result: unknown,
    { transaction }: { readonly transaction?: unknown } = {},
  ): HandledResult | Promise<HandledResult> => {
    const store = (response: StoredResponse): HandledResult | Promise<HandledResult> => {
      const stored = this.#claim.complete(response, transaction)
      return stored instanceof Promise ? stored.then(() => new HandledResult(response)) : new HandledResult(response)
    }
    const encoded = this.#encode(result)
    return encoded instanceof Promise ? encoded.then(store) : store(encoded)
  }
}
