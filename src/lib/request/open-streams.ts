import type { CheckItem, StreamFormat } from '../http/body/stream-format.ts'
import { HttpError } from '../http/http-error.ts'
import { ItemStream } from './item-stream.ts'

/**
 * The responses of an application that are still being streamed. Their number is limited, and they end when the server
 * closes.
 */
export class OpenStreams {
  readonly #limit: number
  readonly #open = new Set<ItemStream>()
  #closing = false

  constructor(limit: number) {
    this.#limit = limit
  }

  get count(): number {
    return this.#open.size
  }

  /**
   * Begins one; `onEarlyEnd` is called where it ends before its items do. Throws an `HttpError` 503 where too many are
   * open.
   */
  begin(
    items: AsyncIterable<unknown> | Iterable<unknown>,
    format: StreamFormat,
    check: CheckItem,
    onEarlyEnd: () => void = () => {},
  ): ItemStream {
    if (this.#open.size >= this.#limit)
      throw new HttpError(503, 'Too many streams are open: try again later', { headers: { 'retry-after': '10' } })
    const stream = new ItemStream(items, format, check, (ended, isEarly) => {
      this.#open.delete(ended)
      if (isEarly) onEarlyEnd()
    })
    this.#open.add(stream)
    if (this.#closing) stream.end()
    return stream
  }

  /** Ends all open streams, and any that begin from now on. */
  endAll(): void {
    this.#closing = true
    for (const stream of this.#open) stream.end()
  }

  /** Allows new streams: the application starts again. */
  reopen(): void {
    this.#closing = false
  }
}
