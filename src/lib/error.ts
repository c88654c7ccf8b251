/**
 * The base of every error that Ringback throws on purpose. Catch it to tell Ringback's own refusals from everything
 * else; catch one of its classes (all in `ringback/errors`) to treat one of them.
 *
 * `code` is stable and starts with `ERR_`; the message may change between versions.
 *
 * @example
 * ```ts
 * import { RingbackError } from 'ringback/errors'
 * import { parseExpression } from 'ringback/expression'
 *
 * try {
 *   parseExpression('$request.qeury.url')
 * } catch (error) {
 *   if (!(error instanceof RingbackError)) throw error
 *   console.log(error.code) // ERR_EXPRESSION_SYNTAX
 * }
 * ```
 */
export class RingbackError extends Error {
  /** Stable, begins with `ERR_`: what a program compares. */
  readonly code: string

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.name = new.target.name
  }
}
