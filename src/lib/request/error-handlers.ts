type ErrorClass<E extends Error> = abstract new (...args: never[]) => E

/** An error class with its handler: `app.onError`. */
interface ErrorHandler {
  readonly errorClass: ErrorClass<Error>
  readonly respond: (error: Error) => Response | Promise<Response>
}

/** The handlers of one application; the one registered last is asked first. */
export class ErrorHandlers {
  readonly #handlers: ErrorHandler[] = []

  add<E extends Error>(errorClass: ErrorClass<E>, respond: (error: E) => Response | Promise<Response>): void {
    this.#handlers.unshift({
      errorClass,
      respond: error => {
        if (error instanceof errorClass) return respond(error)
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
