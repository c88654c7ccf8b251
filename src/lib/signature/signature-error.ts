import { RingbackError } from '../error.ts'

/** What was wrong with a message: see {@link SignatureError}. */
export type SignatureErrorReason = keyof typeof messages

const messages = {
  'missing-header': 'The request lacks one of the headers "webhook-id", "webhook-timestamp" and "webhook-signature"',
  'invalid-id': 'The "webhook-id" must be visible ASCII without "."',
  'invalid-timestamp': 'The "webhook-timestamp" must be a whole number of seconds since 1970-01-01T00:00:00Z',
  'too-old': 'The "webhook-timestamp" is older than the tolerance allows; check this clock, or treat it as a replay',
  'too-new': 'The "webhook-timestamp" is further ahead than the tolerance allows; check this clock and the sender’s',
  'too-many-signatures': 'The "webhook-signature" lists more signatures than any honest sender puts there',
  'no-match':
    'No signature in "webhook-signature" matches the request; check the key and that the body is the raw bytes',
  'wrong-audience': 'The message is signed for another destination or recipient than this audience',
} as const

/**
 * A message that `verify` refuses, or one that `sign` cannot sign. `reason` says why, for a program; the message says it
 * for a person and never holds a key, a signature or anything else of the request.
 *
 * Respond to it with status 401 or 400. Code `ERR_SIGNATURE`.
 *
 * @example
 * ```ts
 * import { generateSecret, SignatureError, verify } from 'ringback/signature'
 *
 * try {
 *   verify({ headers: {}, body: '{}' }, { secrets: [generateSecret()] })
 * } catch (error) {
 *   if (!(error instanceof SignatureError)) throw error
 *   console.log(error.reason) // missing-header
 * }
 * ```
 */
export class SignatureError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_SIGNATURE'
  declare readonly code: typeof SignatureError.code

  /** Why, for a program to compare. */
  readonly reason: SignatureErrorReason

  constructor(reason: SignatureErrorReason) {
    super(SignatureError.code, messages[reason])
    this.reason = reason
  }
}
