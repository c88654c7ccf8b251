import { BODY_FORMATS } from '../http/body/body-formats.ts'
import { PROBLEM_TYPE } from '../http/problem-details.ts'
import { STATUS_CODES } from '../node-http.ts'
import type { CompiledSchema, Validated } from '../schema/compiled-schema.ts'
import type { Schema } from '../schema/schema.ts'
import { contentOf } from './bodies/content-schema.ts'

/** The members of a problem (RFC 9457, section 3.1). */
export const PROBLEM_MEMBERS = {
  type: {
    type: 'string',
    format: 'uri-reference',
    description: 'What kind of problem it is',
    default: 'about:blank',
  },
  title: { type: 'string', description: 'The kind of problem in words' },
  status: { type: 'integer', format: 'int32', description: 'The HTTP status' },
  detail: { type: 'string', description: 'What went wrong this time' },
  instance: { type: 'string', format: 'uri-reference', description: 'This occurrence of the problem' },
  request_id: { type: 'string', description: 'What the log of the server calls the request' },
} as const

/** The members that every problem of Ringback's has. */
export const REQUIRED_MEMBERS: readonly string[] = ['type', 'title', 'status']

/** A problem as it is received. */
export interface ProblemDetails {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string | undefined
  readonly instance?: string | undefined
  /** What the log of the server calls the request; given where it has a line about it. */
  readonly request_id?: string | undefined
}

/** The schema that `problem` gives. */
export interface ProblemSchema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: 'ringback'
    readonly types?: { readonly input: Partial<ProblemDetails>; readonly output: ProblemDetails } | undefined
    readonly validate: (value: unknown) => Validated
    readonly jsonSchema: {
      readonly input: () => Record<string, unknown>
      readonly output: () => Record<string, unknown>
    }
  }
}

/** A new copy for each call, named as a component. */
const jsonSchema = () => ({
  $id: 'ProblemDetails',
  description: 'A problem (RFC 9457)',
  type: 'object',
  properties: structuredClone(PROBLEM_MEMBERS),
  required: [...REQUIRED_MEMBERS],
})

function validate(value: unknown): Validated {
  if (typeof value !== 'object' || value === null) return { issues: [{ message: 'It must be an object' }] }
  const issues = Object.entries(PROBLEM_MEMBERS).flatMap(([name, { type }]) => {
    const member = (value as Readonly<Record<string, unknown>>)[name]
    if (member === undefined && !REQUIRED_MEMBERS.includes(name)) return []
    const fits = type === 'integer' ? Number.isInteger(member) : typeof member === 'string'
    return fits ? [] : [{ path: [name], message: `It must be ${type === 'integer' ? 'a whole number' : 'text'}` }]
  })
  return issues.length === 0 ? { value } : { issues }
}

const schema = Object.freeze<ProblemSchema>({
  '~standard': { version: 1, vendor: 'ringback', validate, jsonSchema: { input: jsonSchema, output: jsonSchema } },
})

/**
 * The schema of problem details (RFC 9457), for responses whose body says what is wrong. Their media type is
 * `application/problem+json`, and `respond` fills in `type`, `title` and `status`. It is also the body of every
 * response that is declared without one, from status 400 on.
 *
 * @example
 * ```ts
 * import { problem, Ringback } from 'ringback'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * const responses = { 404: { description: 'No such invoice', body: problem() } }
 * app.get('/invoices/{id}', { response: z.object({ id: z.string() }), responses }, ({ params, respond }) =>
 *   respond(404, { detail: `There is no invoice ${params.id}` }),
 * )
 *
 * const response = await app.fetch(new Request('http://localhost/invoices/7'))
 * console.log(await response.json()) // { type: 'about:blank', title: 'Not Found', status: 404, detail: 'There is no invoice 7' }
 * ```
 */
export const problem = (): ProblemSchema => schema

const isProblem = (body: Schema | undefined): boolean => body === schema

/** How a body with this schema is written. */
export function mediaTypeOf(body: Schema | undefined): string {
  if (isProblem(body)) return PROBLEM_TYPE
  const content = contentOf(body)
  if (content?.file !== undefined) return content.file
  return (content?.stream ?? content?.format ?? BODY_FORMATS.json).mediaType
}

/** The problem that follows from a status alone. */
export const problemOf = (status: number): ProblemDetails => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
})

/** What a handler returned. Where that is a problem, the members that follow from its status are added. */
export function completed(body: CompiledSchema | undefined, status: number, value: unknown): unknown {
  if (!isProblem(body?.source)) return value
  return typeof value === 'object' || value === undefined ? { ...problemOf(status), ...value } : value
}
