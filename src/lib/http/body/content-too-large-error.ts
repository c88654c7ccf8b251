import { HttpError } from '../http-error.ts'

/** The body of a request is over its limit: a 413 for the client. */
export class ContentTooLargeError extends HttpError {
  constructor(limit: number, unit: 'bytes' | 'values' = 'bytes') {
    super(
      413,
      unit === 'bytes'
        ? `The body is larger than ${limit} bytes`
        : `The body contains more than ${limit} values, or many that are nested very deeply`,
    )
  }
}
