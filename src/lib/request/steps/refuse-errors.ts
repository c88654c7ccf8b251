import type { RequestRun } from '../request-run.ts'
import { ValidationFailure, validationProblem } from '../validation-failure.ts'

/** Refuses a request that does not fit, with all its mistakes. It throws only where somebody would see the error. */
export function refuseErrors(run: RequestRun): undefined {
  const { errors, runtime, generators } = run
  if (errors.length === 0) return
  if (!runtime.errorHandlers.empty || generators !== undefined) throw new ValidationFailure(errors)
  run.response = validationProblem(errors)
}
