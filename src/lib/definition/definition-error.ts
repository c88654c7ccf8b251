import { RingbackError } from '../error.ts'

/**
 * A path operation, callback, dependency or option that cannot be what it says: thrown while the application is put
 * together, never while a request is served. The message names the place and the remedy.
 *
 * `code` is `ERR_DEFINITION`.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { DefinitionError } from 'ringback/errors'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * try {
 *   app.get('invoices', {}, async () => {})
 * } catch (error) {
 *   if (!(error instanceof DefinitionError)) throw error
 *   console.log(error.message) // The path "invoices" must begin with "/"
 * }
 * ```
 */
export class DefinitionError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_DEFINITION'
  declare readonly code: typeof DefinitionError.code

  constructor(message: string, options?: { cause?: unknown }) {
    super(DefinitionError.code, message, options)
  }
}
