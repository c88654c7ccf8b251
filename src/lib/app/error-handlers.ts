import type { Log } from '../log.ts'

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

  find(error: unknown): ErrorHandler | undefined {
    return this.#handlers.find(({ errorClass }) => error instanceof errorClass)
  }
}

/** The answer of a handler of one's own, or undefined; a handler that fails itself is logged and passed over. */
export async function handledError(error: unknown, handlers: ErrorHandlers, log: Log): Promise<Response | undefined> {
  const handler = handlers.find(error)
  if (handler === undefined || !(error instanceof Error)) return undefined
  try {
    return await handler.answer(error)
  } catch (failure) {
    log.error('An error handler failed', { error: failure })
    return undefined
  }
}
