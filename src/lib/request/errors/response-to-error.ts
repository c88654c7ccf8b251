import { isResponse } from '../../http/is-response.ts'
import type { AnyResponse } from '../../http/request-view.ts'
import type { AppRuntime } from '../app-runtime.ts'
import { errorResponse, exceptionResponse } from './error-response.ts'
import type { RequestErrorContext } from './request-error-context.ts'

/**
 * The response to anything that was thrown: that of the user's handler for its class, else its problem. Never throws.
 */
export async function responseToError(
  error: unknown,
  { errorHandlers, log, onFailure }: Pick<AppRuntime, 'errorHandlers' | 'log' | 'onFailure'>,
  context: RequestErrorContext,
): Promise<AnyResponse> {
  try {
    const handler = error instanceof Error ? errorHandlers.find(error) : undefined
    if (handler !== undefined) return checkedResponse(await handler.respond(error as Error, context))
  } catch (failure) {
    // One that throws its error again leaves it to us.
    if (failure !== error) log.error('An error handler failed', { ...context.fields, error: failure })
  }
  try {
    return exceptionResponse(error) ?? errorResponse(error, { log, onFailure }, context)
  } catch (failure) {
    return errorResponse(failure, { log, onFailure }, context)
  }
}

/** The types require it, but a program without types may forget to return. */
function checkedResponse(response: Response): Response {
  if (isResponse(response)) return response
  throw new TypeError('A handler given to "onError" returned no Response: return one, or throw the error again')
}
