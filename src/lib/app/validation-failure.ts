import { HttpError } from '../http/http-error.ts'
import type { ValidationError } from '../schema/validation-error.ts'

/** A request that does not fit its operation: a 422 whose `errors` name every place. */
export class ValidationFailure extends HttpError {
  constructor(errors: readonly ValidationError[]) {
    // A stack would say nothing of a client's mistake, and would cost as much as the rest of the answer.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(422, 'The request does not fit the operation: see "errors"', { errors })
    Error.stackTraceLimit = stackTraceLimit
  }
}
