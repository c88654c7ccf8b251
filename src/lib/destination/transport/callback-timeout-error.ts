import { RingbackError } from '../../error.ts'

/**
 * Thrown when a request got no response within its time limit; whether the receiver saw the request is unknown. Code
 * `ERR_CALLBACK_TIMEOUT`.
 *
 * @example
 * ```ts
 * import { CallbackTimeoutError, createDestinationPolicy, createGuardedTransport } from 'ringback/destination'
 *
 * const transport = createGuardedTransport({ policy: createDestinationPolicy() })
 * const request = { method: 'GET', url: 'https://www.external.org/', headers: {}, body: undefined }
 * try {
 *   await transport.send(request, { timeoutMs: 1, responseLimitBytes: 65_536 })
 * } catch (error) {
 *   if (error instanceof CallbackTimeoutError) console.log(error.message)
 * }
 * ```
 */
export class CallbackTimeoutError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_CALLBACK_TIMEOUT'
  declare readonly code: typeof CallbackTimeoutError.code

  /** The limit that passed, in milliseconds. */
  readonly timeoutMs: number

  constructor(origin: string, timeoutMs: number, options?: { cause?: unknown }) {
    super(CallbackTimeoutError.code, `No complete response from "${origin}" within ${timeoutMs} ms`, options)
    this.timeoutMs = timeoutMs
  }
}
