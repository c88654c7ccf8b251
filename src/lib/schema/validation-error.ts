import { serializeJsonPointer } from '../json/json-pointer.ts'
import { type Issue, pathOf } from './issue.ts'

/** Where in a request something is wrong. */
export type Location = 'query' | 'path' | 'header' | 'cookie' | 'body'

/** One entry of `errors` in a 422 problem: the part of the request, the place inside of it, and what is wrong. */
export interface ValidationError {
  readonly in: Location
  /** A JSON Pointer in its URI fragment form (RFC 6901, section 6): `#/total`; `#` is the whole part. */
  readonly pointer: string
  readonly detail: string
}

/** The issues of a validation as the entries of a problem. */
export function validationErrors(location: Location, issues: readonly Issue[]): ValidationError[] {
  return issues.map(issue => ({
    in: location,
    pointer: `#${serializeJsonPointer(pathOf(issue))}`,
    detail: issue.message,
  }))
}
