import type { Clock } from '../clock.ts'
import type { Log } from '../log/log.ts'
import type { DeliveredResponse, DeliveryStore } from './delivery-store.ts'
import { openResponse } from './keys/kept-response.ts'
import type { AttemptResponse } from './stored-delivery.ts'

/** The response that `onResponse` gets. */
export interface DeliveryResponse {
  readonly status: number
  /** Names in lower case; values of credential headers are masked. */
  readonly headers: Readonly<Record<string, string>>
  /** At most 64 KiB. */
  readonly body: Uint8Array
  readonly bodyTruncated: boolean
  /** Whether the response is one of the declared ones; undefined where that could not be checked. */
  readonly valid: boolean | undefined
}

/** Which delivery `onResponse` is told of. */
export interface RespondedDelivery {
  readonly id: string
  readonly operation: string
  readonly callback: string
  readonly method: string
  readonly url: string
}

/** Called with each response to a delivery that asked for it, at least once, apart from the attempt. */
export type OnResponse = (response: DeliveryResponse, delivery: RespondedDelivery) => void | Promise<void>

/** How long one `onResponse` may run before another worker takes it for dead and runs it again. */
export const responseLeaseMs = 60_000

const claimedAtOnce = 16

/** What {@link ResponseHandlers} works with. */
export interface ResponseHandlersContext {
  readonly store: DeliveryStore
  readonly clock: Clock
  readonly log: Log
  readonly onResponse: OnResponse
  /** Open what is sealed. */
  readonly masterSecrets: readonly string[]
}

/** Runs `onResponse`, and notes in the store that it ran. */
export class ResponseHandlers {
  readonly #running = new Set<Promise<void>>()
  readonly #context: ResponseHandlersContext
  #nextClaimAt = 0

  constructor(context: ResponseHandlersContext) {
    this.#context = context
  }

  get size(): number {
    return this.#running.size
  }

  run(delivery: RespondedDelivery, response: AttemptResponse, valid: boolean | undefined): void {
    const running = this.#handle(delivery, response, valid).finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Takes over what a worker that died has left, from time to time, or now. */
  async recover(at: 'from time to time' | 'now'): Promise<void> {
    const { store, clock } = this.#context
    const now = clock.now()
    const leftMs = this.#nextClaimAt - now
    // Where more is left the clock was set back since.
    if (at === 'from time to time' && leftMs > 0 && leftMs <= responseLeaseMs) return
    this.#nextClaimAt = now + responseLeaseMs
    const left = await store.claimResponses({ now, limit: claimedAtOnce, leaseMs: responseLeaseMs })
    if (left.length === claimedAtOnce) this.#nextClaimAt = now
    for (const { delivery, response } of left as readonly DeliveredResponse[])
      this.run(delivery, response, delivery.responseValid)
  }

  async allEnded(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  /** Resolves when all have ended, or after `graceMs`: those that are left run again, in another worker. */
  async drained(graceMs: number): Promise<void> {
    const { clock, log } = this.#context
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const cancelTimer = clock.setTimer(resolve, graceMs)
    await Promise.race([this.allEnded(), late])
    cancelTimer()
    if (this.size > 0) log.warn('onResponse did not end in time; it will run again', { running: this.size })
  }

  async #handle(delivery: RespondedDelivery, kept: AttemptResponse, valid: boolean | undefined): Promise<void> {
    const { store, log } = this.#context
    const { id } = delivery
    const response = this.#open(kept, id)
    if (response === undefined) return
    await this.#tell(delivery, response, valid)
    try {
      await store.acknowledgeResponses([id])
    } catch (error) {
      log.warn('Could not record that onResponse ran; it will run again', { error, delivery: id })
    }
  }

  /** Undefined where the key is missing: it is tried again when the lease has passed. */
  #open(kept: AttemptResponse, delivery: string): AttemptResponse | undefined {
    try {
      return openResponse(kept, this.#context.masterSecrets)
    } catch (error) {
      this.#context.log.error('A response cannot be opened, and onResponse waits until it can', { error, delivery })
      return undefined
    }
  }

  async #tell(delivery: RespondedDelivery, kept: AttemptResponse, valid: boolean | undefined): Promise<void> {
    const { log, onResponse } = this.#context
    const { id, operation, callback, method, url } = delivery
    const { status, body, bodyTruncated } = kept
    const response = { status, headers: JSON.parse(kept.headers), body, bodyTruncated, valid }
    try {
      await onResponse(response, { id, operation, callback, method, url })
    } catch (error) {
      log.error(`onResponse of callback "${callback}" failed`, { error, delivery: id })
    }
  }
}
