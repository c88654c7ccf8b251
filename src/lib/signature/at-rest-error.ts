import { RingbackError } from '../error.ts'

/**
 * Sealed bytes that none of the given keys opens: sealed under a master secret that is no longer in the list, damaged, or
 * not made by `encryptAtRest`. Code `ERR_AT_REST`.
 *
 * @example
 * ```ts
 * import { AtRestError, atRestKey, decryptAtRest, generateSecret } from 'ringback/signature'
 *
 * try {
 *   decryptAtRest(atRestKey(generateSecret()), new Uint8Array(64))
 * } catch (error) {
 *   if (!(error instanceof AtRestError)) throw error
 *   console.log(error.code) // ERR_AT_REST
 * }
 * ```
 */
export class AtRestError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_AT_REST'
  declare readonly code: typeof AtRestError.code

  /** Whether none of the keys is the one that sealed them: with that one they can be opened. */
  readonly keyIsMissing: boolean

  constructor(message: string, { keyIsMissing = false, ...options }: { cause?: unknown; keyIsMissing?: boolean } = {}) {
    super(AtRestError.code, message, options)
    this.keyIsMissing = keyIsMissing
  }
}
