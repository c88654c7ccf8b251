import type { DeliveryEngine } from '../delivery/create-delivery.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import { IdempotencyConflictError } from '../delivery/idempotency-conflict-error.ts'
import type { PreparedDelivery } from '../delivery/prepare-delivery.ts'
import type { Log } from '../log.ts'

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
  readonly #log: Log
  /** Sends in the order in which they began: a handler that forgets an `await` still gets them into its own commit. */
  #begun: (Recorded | Promise<Recorded>)[] = []
  /** Those with an idempotency key that stand for it in this request. */
  readonly #keyed: PreparedDelivery[] = []
  #handlerReturned = false

  constructor(engine: DeliveryEngine, log: Log) {
    this.#engine = engine
    this.#log = log
  }

  send(make: () => DeliveryRequest | Promise<DeliveryRequest>): Promise<SentDelivery> {
    if (this.#handlerReturned) {
      const stored = Promise.try(make).then(request => this.#engine.send(request))
      // Nobody may be waiting, and an error that nobody handles would end the process.
      stored.catch(this.#tellLost)
      return stored
    }
    const recorded = this.#record(make)
    this.#begun.push(recorded)
    if (!(recorded instanceof Promise)) return Promise.resolve(recorded.sent)
    const sent = recorded.then(({ sent }) => sent)
    sent.catch(() => {})
    return sent
  }

  /** Gives a promise only where something has to be waited for, or went wrong. */
  #record(make: () => DeliveryRequest | Promise<DeliveryRequest>): Recorded | Promise<Recorded> {
    try {
      const making = make()
      if (making instanceof Promise) return making.then(request => this.#prepared(request))
      return this.#prepared(making)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #prepared(request: DeliveryRequest): Recorded | Promise<Recorded> {
    const prepared = this.#engine.prepare(request)
    const { id, url, row } = prepared
    return row.idempotencyKey === undefined ? { sent: { id, url }, prepared } : this.#keyedOnce(prepared)
  }

  async #keyedOnce(prepared: PreparedDelivery): Promise<Recorded> {
    const { id, url } = prepared
    const first = (await this.#engine.find(prepared)) ?? this.#sameKey(prepared)
    if (first !== undefined) return { sent: { id: first.id, url: first.url } }
    this.#keyed.push(prepared)
    return { sent: { id, url }, prepared }
  }

  #sameKey({ row }: PreparedDelivery): PreparedDelivery | undefined {
    const { idempotencyKey, callback, destination, recipient, digest } = row
    const first = this.#keyed.find(
      ({ row }) =>
        row.idempotencyKey === idempotencyKey &&
        row.callback === callback &&
        row.destination === destination &&
        row.recipient === recipient,
    )
    if (first !== undefined && first.row.digest !== digest) throw new IdempotencyConflictError(first.id)
    return first
  }

  /**
   * Stores what was recorded, in one commit; nothing to wait for where nothing was. Rejects with `StoreUnavailableError`:
   * then nothing has happened; or with `StoreOutcomeUnknownError`: then it may have.
   */
  commit(): Promise<unknown> | undefined {
    this.#handlerReturned = true
    const recorded = this.#begun.filter(isRecorded)
    if (recorded.length === this.#begun.length) return this.#store(recorded)
    return this.#allRecorded().then(all => this.#store(all))
  }

  async #allRecorded(): Promise<(Recorded | undefined)[]> {
    const all: (Recorded | undefined)[] = []
    for (const begun of this.#begun) all.push(begun instanceof Promise ? await begun.catch(this.#tellLost) : begun)
    return all
  }

  #store(all: readonly (Recorded | undefined)[]): Promise<unknown> | undefined {
    const prepared: PreparedDelivery[] = []
    for (const recorded of all) if (recorded?.prepared !== undefined) prepared.push(recorded.prepared)
    return prepared.length > 0 ? this.#engine.store(prepared) : undefined
  }

  /** Forgets what was recorded: the handler threw. */
  discard(): void {
    this.#handlerReturned = true
    this.#begun = []
  }

  readonly #tellLost = (error: unknown): undefined => {
    this.#log.error('A callback could not be sent, and what asked for it went on', { error })
  }
}

/** A send with what is still to be stored for it: nothing where its idempotency key stands for another. */
interface Recorded {
  readonly sent: SentDelivery
  readonly prepared?: PreparedDelivery
}

const isRecorded = (begun: Recorded | Promise<Recorded>): begun is Recorded => !(begun instanceof Promise)
