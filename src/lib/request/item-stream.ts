import type { CheckItem, StreamFormat } from '../http/body/stream-format.ts'
import { isThenable } from '../is-thenable.ts'

type Items = AsyncIterable<unknown> | Iterable<unknown>
type Bytes = IteratorResult<Uint8Array, undefined>

/** What a stream waits for: an item, too long a silence, or its end. */
type Event = { readonly item: IteratorResult<unknown> } | { readonly error: unknown } | 'silent' | 'ending' | 'ended'

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
  readonly #finished = Promise.withResolvers<void>()
  /** One for all items: a race would keep something of each until the stream ends. */
  #wake: ((event: Event) => void) | undefined
  /** An item that has come while nobody waited. */
  #came: Event | undefined
  #isAsked = false
  #silence: NodeJS.Timeout | undefined
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
    this.#ask()
    try {
      const event = await this.#nextEvent()
      if (event === 'ended') return DONE
      if (event === 'ending') return this.#farewell()
      if (event === 'silent') return { done: false, value: Buffer.from(this.#format.keepAlive?.text ?? '') }
      if ('error' in event) throw event.error
      if (event.item.done === true) return this.#ended(undefined)
      const encoded = this.#format.encode(event.item.value, this.#check)
      return { done: false, value: bytesOf(isThenable(encoded) ? await encoded : encoded) }
    } catch (error) {
      await this.return()
      throw error
    }
  }

  /** Ends the items, even while one of them is awaited. */
  async return(): Promise<Bytes> {
    const items = Promise.try(() => this.#items.return?.())
    const { done } = this.#ended(items)
    this.#wake?.('ended')
    await items
    return { done, value: undefined }
  }

  /** Ends the stream because the server closes: its last message tells clients when to come back. */
  end(): void {
    if (this.#state !== 'open') return
    this.#state = 'ending'
    this.#wake?.('ending')
  }

  /** Asks for an item, unless one is on its way. */
  #ask(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    const came = (event: Event) => {
      if (this.#wake === undefined) this.#came = event
      else this.#wake(event)
    }
    Promise.try(() => this.#items.next()).then(
      item => came({ item }),
      (error: unknown) => came({ error }),
    )
  }

  /** Whatever comes first. */
  async #nextEvent(): Promise<Event> {
    const event = this.#came ?? (await this.#wait())
    this.#came = undefined
    if (typeof event === 'object') this.#isAsked = false
    return event
  }

  #wait(): Promise<Event> {
    const { keepAlive } = this.#format
    if (keepAlive !== undefined) {
      this.#silence ??= setTimeout(() => this.#wake?.('silent'), keepAlive.afterMs)
      this.#silence.refresh()
    }
    return new Promise(resolve => {
      this.#wake = event => {
        this.#wake = undefined
        resolve(event)
      }
    })
  }

  async #farewell(): Promise<Bytes> {
    const { farewell } = this.#format
    // Not awaited: an item that never comes would hold up the end.
    this.#ended(Promise.try(() => this.#items.return?.()))
    return farewell === undefined ? DONE : { done: false, value: Buffer.from(farewell) }
  }

  #ended(items: Promise<unknown> | undefined): typeof DONE {
    const isEarly = items !== undefined && this.#state !== 'ended'
    this.#state = 'ended'
    clearTimeout(this.#silence)
    if (items === undefined) this.#finished.resolve()
    else items.catch(() => {}).finally(this.#finished.resolve)
    this.#onEnd(this, isEarly)
    return DONE
  }
}

const DONE = { done: true, value: undefined } as const

const bytesOf = (piece: string | Uint8Array): Uint8Array => (typeof piece === 'string' ? Buffer.from(piece) : piece)
