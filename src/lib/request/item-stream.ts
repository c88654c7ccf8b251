import type { CheckItem, StreamFormat } from '../http/body/stream-format.ts'

const encoder = new TextEncoder()

type Items = AsyncIterable<unknown> | Iterable<unknown>
type Bytes = IteratorResult<Uint8Array, undefined>

/** Told when a stream ends, and whether its items have not come to their end. */
type OnEnd = (stream: ItemStream, isEarly: boolean) => void

/**
 * The items of a response as its bytes, each made when the client is ready for it. It is not a generator, since a
 * generator that waits for an item does not learn that its reader has gone.
 */
export class ItemStream implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #items: AsyncIterator<unknown> | Iterator<unknown>
  readonly #format: StreamFormat
  readonly #check: CheckItem
  readonly #onEnd: OnEnd
  readonly #ending = Promise.withResolvers<'ending'>()
  readonly #finished = Promise.withResolvers<void>()
  #next: Promise<IteratorResult<unknown>> | undefined
  #state: 'open' | 'ending' | 'ended' = 'open'

  constructor(items: Items, format: StreamFormat, check: CheckItem, onEnd: OnEnd) {
    this.#items = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
    this.#format = format
    this.#check = check
    this.#onEnd = onEnd
  }

  /** Resolves when the items have ended and cleaned up. */
  get finished(): Promise<void> {
    return this.#finished.promise
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<Bytes> {
    if (this.#state === 'ending') return this.#farewell()
    if (this.#state === 'ended') return DONE
    this.#next ??= Promise.try(() => this.#items.next())
    try {
      const first = await this.#firstOf(this.#next)
      if (first === 'ending') return this.#farewell()
      if (first === 'silent') return { done: false, value: encoder.encode(this.#format.keepAlive?.text ?? '') }
      this.#next = undefined
      if (first.done === true) return this.#ended(undefined)
      return { done: false, value: bytesOf(await this.#format.encode(first.value, this.#check)) }
    } catch (error) {
      await this.return()
      throw error
    }
  }

  /** Ends the items, even while one of them is awaited. */
  async return(): Promise<Bytes> {
    const items = Promise.try(() => this.#items.return?.())
    const { done } = this.#ended(items)
    await items
    return { done, value: undefined }
  }

  /** Ends the stream because the server closes: its last message tells clients when to come back. */
  end(): void {
    if (this.#state !== 'open') return
    this.#state = 'ending'
    this.#ending.resolve('ending')
  }

  /** Whatever comes first: an item, too long a silence, or the end of the server. */
  async #firstOf<T>(next: Promise<T>): Promise<T | 'silent' | 'ending'> {
    const { keepAlive } = this.#format
    if (keepAlive === undefined) return Promise.race([next, this.#ending.promise])
    const silence = Promise.withResolvers<'silent'>()
    const timer = setTimeout(() => silence.resolve('silent'), keepAlive.afterMs)
    try {
      return await Promise.race([next, this.#ending.promise, silence.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  async #farewell(): Promise<Bytes> {
    const { farewell } = this.#format
    // Not awaited: an item that never comes would hold up the end.
    this.#ended(Promise.try(() => this.#items.return?.()))
    return farewell === undefined ? DONE : { done: false, value: encoder.encode(farewell) }
  }

  #ended(items: Promise<unknown> | undefined): typeof DONE {
    const isEarly = items !== undefined && this.#state !== 'ended'
    this.#state = 'ended'
    if (items === undefined) this.#finished.resolve()
    else items.catch(() => {}).finally(this.#finished.resolve)
    this.#onEnd(this, isEarly)
    return DONE
  }
}

const DONE = { done: true, value: undefined } as const

const bytesOf = (piece: string | Uint8Array): Uint8Array => (typeof piece === 'string' ? encoder.encode(piece) : piece)
