import { isResponse } from '../http/is-response.ts'
import type { Answered } from '../http/request-view.ts'
import type { Log, LogFields } from '../log/log.ts'
import { errorAnswer, ownResponse } from './error-answer.ts'

type ErrorClass<E extends Error> = abstract new (...args: never[]) => E

/** An error class with what answers for it: `app.onError`. */
interface ErrorHandler {
  readonly errorClass: ErrorClass<Error>
  readonly answer: (error: Error) => Response | Promise<Response>
}

/** The handlers of one application; the one registered last is asked first. */
export class ErrorHandlers {
  readonly #handlers: ErrorHandler[] = []

  add<E extends Error>(errorClass: ErrorClass<E>, answer: (error: E) => Response | Promise<Response>): void {
    this.#handlers.unshift({
      errorClass,
      answer: error => {
        if (error instanceof errorClass) return answer(error)
        throw error
      },
    })
  }

  get empty(): boolean {
    return this.#handlers.length === 0
  }

  find(error: unknown): ErrorHandler | undefined {
    return this.#handlers.find(({ errorClass }) => error instanceof errorClass)
  }
}

/**
 * The answer to anything that was thrown: by a handler of one's own for its class, else the problem that belongs to it.
 * Never throws.
 */
export async function answerToError(
  error: unknown,
  handlers: ErrorHandlers,
  log: Log,
  fields: LogFields,
): Promise<Answered> {
  try {
    const handler = error instanceof Error ? handlers.find(error) : undefined
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
