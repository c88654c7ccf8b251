import { serializeJsonPointer } from '../json/json-pointer.ts'
import type { ValidationCode } from './codes/validation-code.ts'
import { type Issue, pathOf } from './issue.ts'

/** Where in a request something is wrong. */
export type Location = 'query' | 'path' | 'header' | 'cookie' | 'body'

/**
 * One entry of `errors` in a 422 problem: the part of the request, the place inside of it, and what is wrong.
 *
 * @example
 * ```ts
 * import type { ValidationError } from 'ringback'
 *
 * const error: ValidationError = { in: 'body', pointer: '#/total', code: 'minimum', detail: 'It must not be negative' }
 * console.log(error.code) // minimum
 * ```
 */
export interface ValidationError {
  readonly in: Location
  /** A JSON Pointer in its URI fragment form (RFC 6901, section 6): `#/total`; `#` is the whole part. */
  readonly pointer: string
  /** What is wrong, for programs: the same for all schema libraries. */
  readonly code: ValidationCode
  /** What is wrong, in words. */
  readonly detail: string
}

/** The issues of a validation as the entries of a problem. With `readsText`, text was read as numbers and booleans. */
export function validationErrors(
  location: Location,
  issues: readonly Issue[],
  { readsText = false }: { readonly readsText?: boolean } = {},
): ValidationError[] {
  return issues.map(issue => ({
    in: location,
    pointer: `#${serializeJsonPointer(pathOf(issue))}`,
    code: issue.mistake?.code ?? 'invalid',
    detail: detailOf(issue, readsText),
  }))
}

function detailOf({ message, mistake }: Issue, readsText: boolean): string {
  if (readsText && mistake?.wantsBoolean === true) return withBooleans(message)
  // Nobody sends undefined. Words of the author's own stay as they are.
  return mistake?.code === 'required' && /\breceived undefined$/.test(message) ? 'It is required' : message
}

/** Libraries say that they expected a boolean, and not how one is written. Words of the author's own stay as they are. */
const withBooleans = (message: string): string =>
  /\bboolean\b/.test(message) ? `${message}; send ${BOOLEAN_TEXTS}` : message

const BOOLEAN_TEXTS = 'true, false, 1, 0, on, off, yes or no'
