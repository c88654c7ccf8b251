import { isResponse } from '../http/is-response.ts'
import type { Answered } from '../http/request-view.ts'
import type { LogFields } from '../log/log.ts'
import type { AppRuntime } from './app-runtime.ts'
import { errorAnswer, ownResponse } from './error-answer.ts'

/**
 * The answer to anything that was thrown: by a handler of one's own for its class, else the problem that belongs to it.
 * Never throws.
 */
export async function answerToError(
  error: unknown,
  { errorHandlers, log }: Pick<AppRuntime, 'errorHandlers' | 'log'>,
  fields: LogFields,
): Promise<Answered> {
  try {
    const handler = error instanceof Error ? errorHandlers.find(error) : undefined
    if (handler !== undefined) return checkedAnswer(await handler.answer(error as Error))
  } catch (failure) {
    log.error('An error handler failed', { ...fields, error: failure })
  }
  try {
    return ownResponse(error) ?? errorAnswer(error, log, fields)
  } catch (failure) {
    return errorAnswer(failure, log, fields)
  }
}

/** The types say it; a program without them may forget to return. */
function checkedAnswer(answer: Response): Response {
  if (isResponse(answer)) return answer
  throw new TypeError('A handler given to "onError" returned no Response: return one, or throw the error again')
}
