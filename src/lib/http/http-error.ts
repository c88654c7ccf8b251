import { RingbackError } from '../error.ts'
import { STATUS_CODES, validateHeaderName, validateHeaderValue } from '../node-http.ts'

/** The options of an `HttpError`: headers of the response, and further members of the problem. */
export interface HttpErrorOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
  /** Any other member is added to the problem as it is (RFC 9457, section 3.2). */
  readonly [member: string]: unknown
}

/**
 * A response that is thrown: any code that a handler calls may throw it, and the client gets a problem (RFC 9457) with
 * this status. `detail` is for the client to read.
 *
 * `code` is `ERR_HTTP`. Its constructor throws a `RangeError` for a status below 200 or above 599, and Node's `TypeError`
 * for a header that cannot be sent.
 *
 * @example
 * ```ts
 * import { HttpError, Ringback } from 'ringback'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.get('/invoices/{invoice_id}', {}, async ({ params }) => {
 *   throw new HttpError(404, `There is no invoice "${params.invoice_id}"`, { type: 'https://errors.example/no-invoice' })
 * })
 * const response = await app.fetch(new Request('http://localhost/invoices/1'))
 * console.log(response.status) // 404
 * ```
 */
export class HttpError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_HTTP'
  declare readonly code: typeof HttpError.code

  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Further members of the problem. */
  readonly extra: Readonly<Record<string, unknown>>

  constructor(status: number, detail?: string, options: HttpErrorOptions = {}) {
    const { headers = {}, cause, ...extra } = options
    super(HttpError.code, detail ?? STATUS_CODES[status] ?? 'Error', cause === undefined ? {} : { cause })
    this.status = status
    this.headers = headers
    this.extra = extra
    checkStatus(status)
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    }
  }
}

function checkStatus(status: number): void {
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new RangeError(`"${status}" is not an HTTP response status: give a number from 200 to 599`)
}
