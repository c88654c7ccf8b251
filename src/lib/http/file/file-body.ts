import type { FileHandle } from 'node:fs/promises'
import type { ByteRange } from './byte-range.ts'

/** How much of a file is in memory for one client. */
export const CHUNK_BYTES = 65_536

/** A part of an open file, read when the client is ready for it. Closes the file at its end. */
export class FileBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #handle: FileHandle
  readonly #last: number
  readonly #finished = Promise.withResolvers<void>()
  #position: number
  #closed = false

  constructor(handle: FileHandle, { first, last }: ByteRange) {
    this.#handle = handle
    this.#position = first
    this.#last = last
  }

  /** Resolves when the file is closed. */
  get finished(): Promise<void> {
    return this.#finished.promise
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const left = this.#last - this.#position + 1
    if (this.#closed || left <= 0) return this.return()
    try {
      const buffer = Buffer.allocUnsafe(Math.min(left, CHUNK_BYTES))
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#position)
      // Its length has been promised, so the response must not look whole.
      if (bytesRead === 0) throw new Error(`A file became shorter while it was sent: ${left} bytes are missing`)
      this.#position += bytesRead
      return { done: false, value: buffer.subarray(0, bytesRead) }
    } catch (error) {
      await this.return()
      throw error
    }
  }

  /** All of it, after which the file is closed. */
  async whole(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    for await (const piece of this) pieces.push(piece)
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#closed) {
      this.#closed = true
      await this.#handle.close().finally(this.#finished.resolve)
    }
    return { done: true, value: undefined }
  }
}
