import { RingbackError } from '../error.ts'

/**
 * A handler's response is not as its operation declares, or lacks a value that the URL of a sent callback reads. The
 * client gets a 500 without details; the log gets this error.
 *
 * `code` is `ERR_RESPONSE_INVALID`.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { ResponseInvalidError } from 'ringback/errors'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.onError(ResponseInvalidError, error => {
 *   console.log(error.message)
 *   return new Response(null, { status: 500 })
 * })
 * app.get('/total', { response: z.number().positive() }, async () => -1)
 * console.log((await app.fetch(new Request('http://localhost/total'))).status) // 500
 * ```
 */
export class ResponseInvalidError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_RESPONSE_INVALID'
  declare readonly code: typeof ResponseInvalidError.code

  constructor(operationId: string, reason: string) {
    super(ResponseInvalidError.code, `The response of operation "${operationId}" is not as declared: ${reason}`)
  }
}
