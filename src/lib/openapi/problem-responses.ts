import { PROBLEM_TYPE } from '../http/problem-details.ts'
import { STATUS_CODES } from '../node-http.ts'
import type { ResponseObject } from './response-object.ts'
import type { SchemaObject } from './schema-object.ts'

/** RFC 9457, section 3.1. */
const properties = {
  type: {
    type: 'string',
    format: 'uri-reference',
    description: 'What kind of problem it is',
    default: 'about:blank',
  },
  title: { type: 'string', description: 'The kind of problem in words' },
  status: { type: 'integer', description: 'The HTTP status' },
  detail: { type: 'string', description: 'What is wrong this time' },
  instance: { type: 'string', format: 'uri-reference', description: 'This very occurrence' },
}
const required = ['type', 'title', 'status']

const problemDetails: SchemaObject = { description: 'A problem (RFC 9457)', type: 'object', properties, required }

const validationError: SchemaObject = {
  type: 'object',
  properties: {
    in: { type: 'string', enum: ['query', 'path', 'header', 'cookie', 'body'], description: 'The part of the request' },
    pointer: { type: 'string', description: 'The place inside of it, a JSON Pointer (RFC 6901, section 6)' },
    detail: { type: 'string', description: 'What is wrong there' },
  },
  required: ['in', 'pointer', 'detail'],
}

const validationProblem: SchemaObject = {
  description: 'A request that does not fit its operation',
  type: 'object',
  properties: { ...properties, errors: { type: 'array', items: validationError } },
  required: [...required, 'errors'],
}

/** The schemas of problems by their component names. */
export const PROBLEM_SCHEMAS = { ProblemDetails: problemDetails, ValidationProblem: validationProblem }

interface ProblemResponse {
  readonly description: string
  readonly schema: keyof typeof PROBLEM_SCHEMAS
  /** The status and the further members of an example. */
  readonly example: { readonly status: number; readonly detail: string; readonly errors?: readonly object[] }
}

/** The answers that Ringback itself gives, by their component names. */
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
  ValidationProblem: {
    description: 'The request does not fit the operation',
    schema: 'ValidationProblem',
    example: {
      status: 422,
      detail: 'The request does not fit the operation: see "errors"',
      errors: [{ in: 'body', pointer: '#/total', detail: 'Invalid input: expected number, received string' }],
    },
  },
  CallbackNotStored: {
    description: 'A callback could not be stored: nothing has happened',
    schema: 'ProblemDetails',
    example: { status: 503, detail: 'The request could not be stored; nothing has happened, so send it again' },
  },
} as const satisfies Readonly<Record<string, ProblemResponse>>

/** The component name of one of those answers. */
export type ProblemName = keyof typeof PROBLEM_RESPONSES

/** One of those answers as a component. */
export function problemResponse(name: ProblemName): ResponseObject {
  const { description, schema, example } = PROBLEM_RESPONSES[name]
  const shown = { type: 'about:blank', title: STATUS_CODES[example.status], ...structuredClone(example) }
  const content = { schema: { $ref: `#/components/schemas/${schema}` }, example: shown }
  return { description, content: { [PROBLEM_TYPE]: content } }
}
