import type { Log } from '../log/log.ts'
import type { AnyApp } from './any-app.ts'
import type { RequestParts } from './request-parts.ts'

/**
 * The request in which an error was thrown, as far as it had come: what a handler given to `app.onError` gets beside the
 * error. Parts that were not read are undefined, and so are those that are not as declared.
 *
 * @example
 * ```ts
 * import { type ErrorContext, Ringback } from 'ringback'
 *
 * function respond(error: RangeError, { operation, requestId, log }: ErrorContext): Response {
 *   log.warn('Out of range', { operation, requestId, error })
 *   return Response.json({ error: error.message, requestId }, { status: 400 })
 * }
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.onError(RangeError, respond)
 * ```
 */
export interface ErrorContext extends RequestParts {
  /** The operationId; undefined where no operation was found, and in middleware. */
  readonly operation: string | undefined
  /** The values of the path's names; without a schema, or if one of them is not as declared, their texts. */
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly cookies: unknown
  readonly body: unknown
  /** The web `Request`; where a body is declared, its own body may have been read. */
  readonly request: Request
  readonly app: AnyApp
  readonly log: Log
}
