import { HttpError } from './http-error.ts'

/** The body of a request is over its limit: a 413 for the client. */
export class ContentTooLargeError extends HttpError {
  constructor(limitBytes: number) {
    super(413, `The body is larger than ${limitBytes} bytes`)
  }
}
