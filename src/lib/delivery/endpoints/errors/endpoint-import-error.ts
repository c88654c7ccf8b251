import { RingbackError } from '../../../error.ts'

/**
 * Thrown by `import` for an endpoint that cannot be taken over. Those before it have been. Code `ERR_ENDPOINT_IMPORT`.
 *
 * @example
 * ```ts
 * import { EndpointImportError } from 'ringback/delivery'
 *
 * console.log(new EndpointImportError(3, 'its URL is refused').code) // ERR_ENDPOINT_IMPORT
 * ```
 */
export class EndpointImportError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_ENDPOINT_IMPORT'
  declare readonly code: typeof EndpointImportError.code

  /** Its number in what was given, from 1. */
  readonly line: number

  constructor(line: number, reason: string) {
    super(EndpointImportError.code, `Endpoint ${line}: ${reason}`)
    this.line = line
  }
}
