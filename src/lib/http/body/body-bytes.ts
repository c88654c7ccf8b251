import { GrowingBytes } from '../../json/growing-bytes.ts'
import { ContentTooLargeError } from './content-too-large-error.ts'

/** The bytes of one body, gathered up to a limit. Most bodies are one chunk, which is kept as it is. */
export class BodyBytes {
  readonly #limitBytes: number
  #only: Uint8Array | undefined
  #gathered: GrowingBytes | undefined

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get length(): number {
    return (this.#gathered ?? this.#only ?? NOTHING).length
  }

  /** Adds a chunk, or throws `ContentTooLargeError`. */
  add(chunk: Uint8Array): void {
    if (this.length + chunk.length > this.#limitBytes) throw new ContentTooLargeError(this.#limitBytes)
    if (this.#only === undefined) this.#only = chunk
    else {
      this.#gathered ??= gatheredFrom(this.#only, this.#limitBytes)
      this.#gathered.add(chunk)
    }
  }

  /** All bytes. Nothing may be added afterwards. */
  taken(): Uint8Array {
    return this.#gathered?.taken() ?? this.#only ?? NOTHING
  }
}

const NOTHING = new Uint8Array()

function gatheredFrom(chunk: Uint8Array, limitBytes: number): GrowingBytes {
  const gathered = new GrowingBytes(limitBytes)
  gathered.add(chunk)
  return gathered
}
