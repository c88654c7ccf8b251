/**
 * Bytes gathered from chunks, in one block of memory that doubles. Keeping the chunks would cost far more: each is an
 * object, and a part of a large block that stays with it; a receiver that sends its answer byte by byte would fill the
 * memory with them.
 */
export class GrowingBytes {
  #block = new Uint8Array()
  #length = 0

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
    const larger = new Uint8Array(this.#length === 0 ? length : Math.max(length, this.#block.length * 2))
    larger.set(this.#block.subarray(0, this.#length))
    this.#block = larger
  }
}
