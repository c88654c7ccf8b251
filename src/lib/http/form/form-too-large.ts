import { HttpError } from '../http-error.ts'

const tooLarge = (detail: string): HttpError => new HttpError(413, detail)

/** A form with more parts of a kind than it may have. */
export const tooMany = (limit: number, what: 'field' | 'file' | 'part'): HttpError =>
  tooLarge(`The form has more than ${limit} ${what}${limit === 1 ? '' : 's'}`)

/** A field of it is too long. */
export const fieldTooLarge = (limitBytes: number): HttpError =>
  tooLarge(`A field of the form is larger than ${limitBytes} bytes`)

/** The texts together are too long, although none of them is. */
export const fieldsTooLarge = (limitBytes: number): HttpError =>
  tooLarge(`The fields of the form are larger than ${limitBytes} bytes together`)
