/**
 * Bytes gathered from chunks, in one block of memory that doubles. Keeping the chunks would cost far more: each is an
 * object, and a part of a large block that stays with it; a peer that sends byte by byte would fill the memory with
 * them.
 */
export class GrowingBytes {
  readonly #mostBytes: number
  #block = new Uint8Array()
  #length = 0

  /** `mostBytes` is what may come at all, where that is known: no block is made larger. */
  constructor(mostBytes = Number.POSITIVE_INFINITY) {
    this.#mostBytes = mostBytes
  }

  get length(): number {
    return this.#length
  }

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > this.#block.length) this.#grow(length)
    this.#block.set(chunk, this.#length)
    this.#length = length
  }

  /** All bytes, in memory of their own. Nothing may be added afterwards. */
  taken(): Uint8Array {
    return this.#length === this.#block.length ? this.#block : this.#block.slice(0, this.#length)
  }

  #grow(length: number): void {
    const doubled = this.#length === 0 ? length : Math.min(this.#block.length * 2, this.#mostBytes)
    const larger = new Uint8Array(Math.max(length, doubled))
    larger.set(this.#block.subarray(0, this.#length))
    this.#block = larger
  }
}
