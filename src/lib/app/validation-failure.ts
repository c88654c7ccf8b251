import { HttpError } from '../http/http-error.ts'
import type { ValidationError } from '../schema/validation-error.ts'

/** A request that does not fit its operation: a 422 whose `errors` name every place. */
export class ValidationFailure extends HttpError {
  constructor(errors: readonly ValidationError[]) {
    super(422, 'The request does not fit the operation: see "errors"', { errors })
  }
}
