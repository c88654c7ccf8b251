import { HttpError } from '../http/http-error.ts'
import { problemResponse } from '../http/problem-details.ts'
import type { PlainResponse } from '../http/request-view.ts'
import type { ValidationError } from '../schema/validation-error.ts'
import { boundedErrors } from './bounded-errors.ts'

const DETAIL = 'The request does not fit the operation: see "errors"'

/** A request that does not fit its operation: a 422 whose `errors` name every place. */
export class ValidationFailure extends HttpError {
  constructor(errors: readonly ValidationError[]) {
    // A stack says nothing about a client's mistake, and would cost as much as the rest of the response.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(422, DETAIL, { errors: boundedErrors(errors) })
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** The response to a `ValidationFailure`, where nobody sees the error itself. */
export const validationProblem = (errors: readonly ValidationError[]): PlainResponse =>
  problemResponse(422, DETAIL, { errors: boundedErrors(errors) })
