import type { DeliveryEngine } from '../delivery/delivery-engine.ts'
import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import type { HeldDeliveries } from '../delivery/held-deliveries.ts'
import { IdempotencyConflictError } from '../delivery/idempotency-conflict-error.ts'
import type { PreparedDelivery } from '../delivery/prepare-delivery.ts'
import type { CallbackRuntime } from './callback-runtime.ts'
import type { Deliverer, SentDelivery } from './deliverer.ts'

/**
 * The deliveries of one request. While the handler runs they are only recorded; `commit` stores them all at once,
 * before the response. Afterwards (background work, streams) each is stored when it is sent.
 */
export class RequestDeliveries implements Deliverer {
  readonly #runtime: CallbackRuntime
  /** Sends in the order in which they began. They are in the handler's commit even where it forgets an `await`. */
  #begun: (Recorded | Promise<Recorded>)[] = []
  /** The sends that own their idempotency key in this request. */
  readonly #keyed: PreparedDelivery[] = []
  #handlerReturned = false
  #held: HeldDeliveries | undefined
  /** The transaction of the store's database that the request has, which decides about everything recorded. */
  #transaction: unknown

  constructor(runtime: CallbackRuntime) {
    this.#runtime = runtime
  }

  /** What is sent is stored in this transaction, if it is one of the store's own. */
  join(dependency: unknown, transaction: unknown): void {
    if (dependency === this.#runtime.transaction) this.#transaction = transaction
  }

  send(make: () => DeliveryRequest | Promise<DeliveryRequest>, transaction?: unknown): Promise<SentDelivery> {
    const own = this.#handlerReturned ? undefined : this.#transaction
    if (own !== undefined && (transaction ?? own) === own) return this.#sendIn(own, make)
    if (this.#handlerReturned || transaction !== undefined) {
      const stored = sendAtOnce(this.#runtime.engine, make, transaction)
      // Nobody may be waiting for it, and an unhandled rejection would end the process.
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

  /** Stores at once in the request's own transaction, whose commit waits for it even where the handler does not. */
  #sendIn(transaction: unknown, make: () => DeliveryRequest | Promise<DeliveryRequest>): Promise<SentDelivery> {
    const stored = sendAtOnce(this.#runtime.engine, make, transaction)
    const begun = stored.then(sent => ({ sent }))
    begun.catch(() => {})
    this.#begun.push(begun)
    return stored
  }

  /** Gives a promise only where it has to wait, or something went wrong. */
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
    const prepared = this.#runtime.engine.prepare(request)
    const { id, url, row } = prepared
    return row.idempotencyKey === undefined ? { sent: { id, url }, prepared } : this.#keyedOnce(prepared)
  }

  async #keyedOnce(prepared: PreparedDelivery): Promise<Recorded> {
    const { id, url } = prepared
    const first = (await this.#runtime.engine.find(prepared)) ?? this.#sameKey(prepared)
    if (first !== undefined) {
      const sent = { id: first.id, url: first.url }
      // The other request may still take it back, but this one needs it: it is stored under the id that was already
      // given.
      return 'held' in first && first.held ? { sent, prepared: withId(prepared, first.id) } : { sent }
    }
    this.#keyed.push(prepared)
    return { sent: { id, url }, prepared }
  }

  #sameKey({ row }: PreparedDelivery): PreparedDelivery | undefined {
    const { idempotencyKey, callback, destination, recipient, webhook, digest } = row
    const first = this.#keyed.find(
      ({ row }) =>
        row.idempotencyKey === idempotencyKey &&
        row.callback === callback &&
        row.destination === destination &&
        row.recipient === recipient &&
        row.webhook?.owner === webhook?.owner,
    )
    if (first !== undefined && first.row.digest !== digest) throw new IdempotencyConflictError(first.id)
    return first
  }

  /**
   * Stores what was recorded in one commit; undefined where nothing was recorded. With `hold` the deliveries wait for
   * `makeDue` or `takeBack`. Rejects with `StoreUnavailableError` where nothing was stored, and with
   * `StoreOutcomeUnknownError` where it may have been.
   */
  commit(hold: boolean): Promise<unknown> | undefined {
    const all = this.#begun
    this.discard()
    if (all.length === 0) return undefined
    const recorded = all.filter(isRecorded)
    if (recorded.length === all.length) return this.#store(recorded, hold)
    return this.#allRecorded(all).then(all => this.#store(all, hold))
  }

  async #allRecorded(begunOnes: readonly (Recorded | Promise<Recorded>)[]): Promise<(Recorded | undefined)[]> {
    const all: (Recorded | undefined)[] = []
    for (const begun of begunOnes) all.push(begun instanceof Promise ? await begun.catch(this.#tellLost) : begun)
    return all
  }

  #store(all: readonly (Recorded | undefined)[], hold: boolean): Promise<unknown> | undefined {
    const prepared: PreparedDelivery[] = []
    for (const recorded of all) if (recorded?.prepared !== undefined) prepared.push(recorded.prepared)
    if (prepared.length === 0) return undefined
    const transaction = this.#transaction
    if (transaction !== undefined) return this.#runtime.engine.store(prepared, { transaction })
    return hold ? this.#hold(prepared) : this.#runtime.engine.store(prepared)
  }

  async #hold(prepared: readonly PreparedDelivery[]): Promise<void> {
    this.#held = await this.#runtime.engine.hold(prepared)
  }

  /**
   * Makes the held deliveries due. If the store fails, the response stands all the same: what it reports has happened,
   * and the deliveries go out later.
   */
  async makeDue(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    await held?.makeDue().catch((error: unknown) => {
      this.#runtime.log.warn('Callbacks and webhooks will be sent a minute late: the store could not release them', {
        error,
      })
    })
  }

  /** Removes the held deliveries: what they report has not happened. */
  async takeBack(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    for (let left = triesToTakeBack; held !== undefined && left > 0; left--) {
      const failure = await held.takeBack().then(
        () => undefined,
        (error: unknown) => ({ error }),
      )
      if (failure === undefined) return
      this.#runtime.log.error('Callbacks and webhooks of a request that failed could not be taken back', {
        ...failure,
        left,
      })
    }
  }

  /** Discards what was recorded. From now on, every send is stored at once. */
  discard(): void {
    this.#handlerReturned = true
    this.#begun = []
  }

  readonly #tellLost = (error: unknown): undefined => {
    this.#runtime.log.error('A callback or webhook could not be sent; the code that asked for it went on', { error })
  }
}

/** How often a locked store may use up its own time limit before the held deliveries go out. */
const triesToTakeBack = 3

const withId = (prepared: PreparedDelivery, id: string): PreparedDelivery => {
  return { ...prepared, id, row: { ...prepared.row, id } }
}

/** Stores a delivery at once. With `transaction`, a connection of the user's, it is stored if that commits. */
export async function sendAtOnce(
  engine: DeliveryEngine,
  make: () => DeliveryRequest | Promise<DeliveryRequest>,
  transaction?: unknown,
): Promise<SentDelivery> {
  return engine.send(await make(), transaction === undefined ? undefined : { transaction })
}

/** A send with the delivery to store for it: undefined where another send owns its idempotency key. */
interface Recorded {
  readonly sent: SentDelivery
  readonly prepared?: PreparedDelivery
}

const isRecorded = (begun: Recorded | Promise<Recorded>): begun is Recorded => !(begun instanceof Promise)
