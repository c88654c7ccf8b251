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
  constructor(message: string, options?: { cause?: unknown }) {
    super('ERR_AT_REST', message, options)
  }
}
