import { PROBLEM_TYPE } from '../http/problem-details.ts'
import { STATUS_CODES } from '../node-http.ts'
import { PROBLEM_MEMBERS, REQUIRED_MEMBERS } from '../operation/problem.ts'
import { VALIDATION_CODES } from '../schema/codes/validation-code.ts'
import type { ResponseObject } from './objects/response-object.ts'
import type { SchemaObject } from './objects/schema-object.ts'

const validationError: SchemaObject = {
  type: 'object',
  properties: {
    in: { type: 'string', enum: ['query', 'path', 'header', 'cookie', 'body'], description: 'The part of the request' },
    pointer: { type: 'string', description: 'The place in it, as a JSON Pointer (RFC 6901, section 6)' },
    code: { type: 'string', enum: [...VALIDATION_CODES], description: 'What is wrong there, for programs' },
    detail: { type: 'string', description: 'What is wrong there, in words' },
  },
  required: ['in', 'pointer', 'code', 'detail'],
}

/** The schema of a 422: a problem that lists each mistake. */
export const VALIDATION_PROBLEM: SchemaObject = {
  description: 'A request that does not fit its operation',
  type: 'object',
  properties: { ...PROBLEM_MEMBERS, errors: { type: 'array', items: validationError } },
  required: [...REQUIRED_MEMBERS, 'errors'],
}

interface ProblemResponse {
  readonly description: string
  readonly schema: 'ProblemDetails' | 'ValidationProblem'
  /** The status and the other members of an example. */
  readonly example: { readonly status: number; readonly detail: string; readonly errors?: readonly object[] }
}

/** The responses of Ringback itself, by their component names. */
export const PROBLEM_RESPONSES = {
  Problem: {
    description: 'Any other problem',
    schema: 'ProblemDetails',
    example: { status: 404, detail: 'There is nothing here' },
  },
  Unauthorized: {
    description: 'The credentials are missing or not valid',
    schema: 'ProblemDetails',
    example: { status: 401, detail: 'The credentials are missing or not valid' },
  },
  Forbidden: {
    description: 'The credentials do not allow this',
    schema: 'ProblemDetails',
    example: { status: 403, detail: 'The credentials do not allow this' },
  },
  NotAcceptable: {
    description: 'The client accepts no media type of the response',
    schema: 'ProblemDetails',
    example: {
      status: 406,
      detail: 'The response can be application/json or text/csv, and "accept" takes none of these',
    },
  },
  ValidationProblem: {
    description: 'The request does not fit the operation',
    schema: 'ValidationProblem',
    example: {
      status: 422,
      detail: 'The request does not fit the operation: see "errors"',
      errors: [
        { in: 'body', pointer: '#/total', code: 'type', detail: 'Invalid input: expected number, received string' },
      ],
    },
  },
  CallbackConflict: {
    description: 'The idempotency key of a callback or webhook was used for another message',
    schema: 'ProblemDetails',
    example: { status: 409, detail: 'The idempotency key was used for another message' },
  },
  CallbackFailed: {
    description: 'A callback could not be made, or its response was not as declared',
    schema: 'ProblemDetails',
    example: { status: 502, detail: 'The callback could not be made: the receiver could not be reached' },
  },
  CallbackNotStored: {
    description: 'A callback or webhook could not be stored: nothing has happened',
    schema: 'ProblemDetails',
    example: { status: 503, detail: 'The request could not be stored; nothing has happened, so send it again' },
  },
} as const satisfies Readonly<Record<string, ProblemResponse>>

/** The component name of one of these responses. */
export type ProblemName = keyof typeof PROBLEM_RESPONSES

/** One of these responses as the document shows it. */
export function problemResponseObject(name: ProblemName): ResponseObject & Required<Pick<ResponseObject, 'content'>> {
  const { description, schema, example } = PROBLEM_RESPONSES[name]
  const shown = { type: 'about:blank', title: STATUS_CODES[example.status], ...structuredClone(example) }
  const content = { schema: { $ref: `#/components/schemas/${schema}` }, example: shown }
  return { description, content: { [PROBLEM_TYPE]: content } }
}
