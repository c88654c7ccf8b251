import type { ErrorContext } from '../../operation/error-context.ts'

type ErrorClass<E extends Error> = abstract new (...args: never[]) => E
type Respond<E extends Error> = (error: E, context: ErrorContext) => Response | Promise<Response>

/** An error class with its handler: `app.onError`. */
interface ErrorHandler {
  readonly errorClass: ErrorClass<Error>
  readonly respond: Respond<Error>
}

/** The handlers of one application; the one registered last is asked first. */
export class ErrorHandlers {
  readonly #handlers: ErrorHandler[] = []

  add<E extends Error>(errorClass: ErrorClass<E>, respond: Respond<E>): void {
    this.#handlers.unshift({
      errorClass,
      respond: (error, context) => {
        if (error instanceof errorClass) return respond(error, context)
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
