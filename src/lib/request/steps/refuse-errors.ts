import { RequestValidationError, validationProblem } from '../errors/request-validation-error.ts'
import { sentValue } from '../errors/sent-value.ts'
import type { RequestRun } from '../request-run.ts'

/** Refuses a request that does not fit, with all its mistakes. It throws only where somebody would see the error. */
export function refuseErrors(run: RequestRun): undefined {
  const { errors, runtime, generators } = run
  if (errors.length === 0) return
  if (!runtime.errorHandlers.empty || generators !== undefined) throw withValues(run)
  run.response = validationProblem(errors)
}

const withValues = (run: RequestRun): RequestValidationError =>
  new RequestValidationError(run.errors.map(error => ({ ...error, value: sentValue(run, error) })))
