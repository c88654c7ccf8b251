import type { IncomingMessage } from 'node:http'
import { BodyBytes } from '../http/body/body-bytes.ts'
import { type BodySource, incompleteBody } from '../http/body/body-source.ts'

/** A block of so many bytes goes to the reader at once, and what follows waits in the connection. */
const BLOCK_BYTES = 16_384

/**
 * The body of Node's request in blocks. A client may send a chunk for each byte, and Node tells of each by itself: a
 * chunk that is kept, or a promise for each, would cost the event loop a quarter of a second for 90 KB. So what comes
 * in one pass of the loop is put together.
 */
export class GatheredBody implements BodySource {
  readonly #incoming: IncomingMessage
  /** What waits for the reader. */
  #waiting = new BodyBytes(Number.POSITIVE_INFINITY)
  #end: 'complete' | { error: Error } | undefined
  #wake: (() => void) | undefined
  #wakesSoon = false

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming
    incoming.once('end', () => this.#finish('complete'))
    incoming.once('error', cause => this.#finish({ error: incompleteBody(cause) }))
    incoming.once('close', () => this.#finish({ error: incompleteBody() }))
    incoming.on('data', this.#take)
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#waiting.length === 0 && this.#end === undefined)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    if (typeof this.#end === 'object') throw this.#end.error
    const block = this.#waiting.taken()
    this.#waiting = new BodyBytes(Number.POSITIVE_INFINITY)
    this.#incoming.resume()
    return block.length === 0 ? undefined : block
  }

  drop(): void {
    this.#waiting = new BodyBytes(Number.POSITIVE_INFINITY)
    this.#incoming.off('data', this.#take)
    this.#incoming.resume()
  }

  #take = (chunk: Buffer): void => {
    this.#waiting.add(chunk)
    if (this.#waiting.length >= BLOCK_BYTES) {
      this.#incoming.pause()
      this.#wakeReader()
    } else if (!this.#wakesSoon) {
      this.#wakesSoon = true
      setImmediate(this.#wakeReader)
    }
  }

  #finish(end: 'complete' | { error: Error }): void {
    this.#end ??= end
    this.#wakeReader()
  }

  #wakeReader = (): void => {
    this.#wakesSoon = false
    this.#wake?.()
    this.#wake = undefined
  }
}
