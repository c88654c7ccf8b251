import { HttpError } from '../../http/http-error.ts'
import { problemResponse } from '../../http/problem-details.ts'
import type { PlainResponse } from '../../http/request-view.ts'
import { MOST_PLACES } from '../../schema/issue.ts'
import type { ValidationError } from '../../schema/validation-error.ts'
import { boundedErrors } from './bounded-errors.ts'

const DETAIL = 'The request does not fit the operation: see "errors"'

/**
 * One mistake in a request, with what was sent there. Neither `JSON.stringify` nor a log shows the `value` of an error's
 * item, for it may be a password.
 *
 * @example
 * ```ts
 * import { type RequestMistake, RequestValidationError } from 'ringback'
 *
 * const mistake: RequestMistake = { in: 'body', pointer: '#/total', code: 'type', detail: 'Not a number', value: 'x' }
 * const [kept] = new RequestValidationError([mistake]).errors
 * console.log(kept?.value, JSON.stringify(kept)) // x {"in":"body","pointer":"#/total","code":"type","detail":"Not a number"}
 * ```
 */
export interface RequestMistake extends ValidationError {
  /** What was sent: text in parameters, any value in the body; undefined for nothing. */
  readonly value?: unknown
}

/**
 * A request that does not fit its operation: a 422 whose `errors` name every place, at most a hundred. Give it to
 * `app.onError` to respond in a form of your own; a handler of `HttpError` gets it, too. Code of yours may throw it for
 * what schemas cannot check.
 *
 * `code` is `'ERR_HTTP'`, since it is an `HttpError`, and `status` 422. The codes of `errors` are in docs/errors.md.
 *
 * @example
 * ```ts
 * import { RequestValidationError, Ringback } from 'ringback'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.get('/invoices', { query: z.object({ page: z.int() }) }, async () => {})
 * app.onError(RequestValidationError, ({ errors }) =>
 *   Response.json(errors.map(({ in: place, pointer, code }) => `${place}${pointer} ${code}`), { status: 400 }),
 * )
 * const response = await app.fetch(new Request('http://localhost/invoices?page=one'))
 * console.log(response.status, await response.json()) // 400 [ 'query#/page type' ]
 * ```
 */
export class RequestValidationError extends HttpError {
  readonly errors: readonly RequestMistake[]

  constructor(errors: readonly RequestMistake[]) {
    const kept = keptMistakes(errors)
    // A stack says nothing about a client's mistake, and would cost as much as the rest of the response.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(422, DETAIL, { errors: kept })
    Error.stackTraceLimit = stackTraceLimit
    this.errors = kept
  }
}

/** A mistake whose sent value only a program sees that asks for it. */
class Mistake implements RequestMistake {
  readonly in: ValidationError['in']
  readonly pointer: string
  readonly code: ValidationError['code']
  readonly detail: string
  readonly #value: unknown

  constructor(error: ValidationError, value: unknown) {
    this.in = error.in
    this.pointer = error.pointer
    this.code = error.code
    this.detail = error.detail
    this.#value = value
  }

  get value(): unknown {
    return this.#value
  }
}

function keptMistakes(errors: readonly RequestMistake[]): readonly RequestMistake[] {
  const places = errors.slice(0, MOST_PLACES)
  const bounded = boundedErrors(places.map(error => new Mistake(error, undefined)))
  return bounded.map((error, index) => new Mistake(error, places[index]?.value))
}

/** The response to a `RequestValidationError`, where nobody sees the error itself. */
export const validationProblem = (errors: readonly ValidationError[]): PlainResponse =>
  problemResponse(422, DETAIL, { errors: boundedErrors(errors) })
