import type { DeliveryEngine } from '../delivery/create-delivery.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import type { PreparedDelivery } from '../delivery/prepare-delivery.ts'

/** What `send` resolves to. */
export interface SentDelivery {
  readonly id: string
  readonly url: string
}

/**
 * The deliveries of one request. While the handler runs they are only recorded; `commit` stores them all at once,
 * before the answer. Afterwards (background work, streams) each is stored when it is sent.
 */
export class RequestDeliveries {
  readonly #engine: DeliveryEngine
  #recorded: PreparedDelivery[] = []
  /** Sends that have begun: a handler that forgets an `await` still gets them into its own commit. */
  readonly #begun = new Set<Promise<SentDelivery>>()
  #handlerReturned = false

  constructor(engine: DeliveryEngine) {
    this.#engine = engine
  }

  send(making: Promise<DeliveryRequest>): Promise<SentDelivery> {
    if (this.#handlerReturned) return making.then(request => this.#engine.send(request))
    const sent = this.#record(making)
    this.#begun.add(sent)
    return sent
  }

  async #record(making: Promise<DeliveryRequest>): Promise<SentDelivery> {
    const request = await making
    const prepared = this.#engine.prepare(request)
    const first = request.idempotencyKey === undefined ? undefined : await this.#engine.find(prepared)
    if (first !== undefined) return first
    this.#recorded.push(prepared)
    return { id: prepared.id, url: prepared.url }
  }

  /** Stores what was recorded, in one commit. Throws `StoreUnavailableError`; then nothing has happened. */
  async commit(): Promise<void> {
    this.#handlerReturned = true
    if (this.#begun.size > 0) await Promise.allSettled(this.#begun)
    const recorded = this.#recorded
    this.#recorded = []
    if (recorded.length > 0) await this.#engine.store(recorded)
  }

  /** Forgets what was recorded: the handler threw. */
  discard(): void {
    this.#handlerReturned = true
    this.#recorded = []
  }
}
