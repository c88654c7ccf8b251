import { RingbackError } from '../error.ts'

/**
 * A key, secret or master secret that cannot be used: empty, too short, of another kind, not base64, or none at all. It
 * is a mistake of configuration, so let it stop the program at start. The message says which kind of key and how to
 * make a good one; it never holds the key.
 *
 * Code `ERR_SIGNING_KEY`.
 *
 * @example
 * ```ts
 * import { sign, SigningKeyError } from 'ringback/signature'
 *
 * try {
 *   sign({ id: 'msg_1', timestamp: 1614265330, body: '{}', secrets: ['whsec_'] })
 * } catch (error) {
 *   if (!(error instanceof SigningKeyError)) throw error
 *   console.log(error.message) // The secret is empty; make one with generateSecret()
 * }
 * ```
 */
export class SigningKeyError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_SIGNING_KEY'
  declare readonly code: typeof SigningKeyError.code

  constructor(message: string, options?: { cause?: unknown }) {
    super(SigningKeyError.code, message, options)
  }
}
