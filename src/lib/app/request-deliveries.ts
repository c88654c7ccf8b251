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
  #handlerReturned = false

  constructor(engine: DeliveryEngine) {
    this.#engine = engine
  }

  async send(request: DeliveryRequest): Promise<SentDelivery> {
    if (this.#handlerReturned) return this.#engine.send(request)
    const first = await this.#engine.findByIdempotencyKey(request)
    if (first !== undefined) return first
    const prepared = this.#engine.prepare(request)
    this.#recorded.push(prepared)
    return { id: prepared.id, url: prepared.url }
  }

  /** Stores what was recorded, in one commit. Throws `StoreUnavailableError`; then nothing has happened. */
  async commit(): Promise<void> {
    this.#handlerReturned = true
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
