import { DefinitionError } from '../../definition/definition-error.ts'
import type { BodyFormat } from '../../http/body/body-format.ts'
import { BODY_FORMATS } from '../../http/body/body-formats.ts'
import type { StreamFormat } from '../../http/body/stream-format.ts'
import { NO_CONTENT } from '../../http/no-content.ts'
import { type CompiledSchema, compileSchema } from '../../schema/compiled-schema.ts'
import { compilePruning, type Pruning } from '../../schema/prune.ts'
import type { Schema } from '../../schema/schema.ts'
import { contentOf } from '../bodies/content-schema.ts'
import type { AnyDefinition } from '../definition.ts'
import { mediaTypeOf, problem } from '../problem.ts'
import type { Responses } from '../responses.ts'
import { compileParameterGroups, type ParameterGroup } from './parameter-group.ts'

/** The content of a response, compiled. */
export interface CompiledContent {
  readonly body: CompiledSchema | undefined
  /** How the body is written. */
  readonly format: BodyFormat
  /** Present where the body is streamed. */
  readonly stream: CompiledStream | undefined
  /** The media type of the body. */
  readonly mediaType: string
  readonly isFile: boolean
  /** Removes what the schema does not declare, whatever its library let through. */
  readonly prune: Pruning | undefined
}

/** One response, compiled. */
export interface CompiledResponse extends CompiledContent {
  readonly status: number
  readonly description: string | undefined
  readonly headers: ParameterGroup | undefined
  /** An error that is declared without a body: its body is a problem. */
  readonly impliesProblem: boolean
}

/** How the items of a response are written, checked and pruned. There is no schema where they are bytes or text. */
export interface CompiledStream {
  readonly format: StreamFormat
  readonly item: CompiledSchema | undefined
  readonly prune: Pruning | undefined
}

type DeclaredMain = Pick<AnyDefinition, 'response' | 'status' | 'responseHeaders' | 'responseDescription' | 'responses'>
type Checked = { readonly [K in 'response' | 'status' | 'responses']?: AnyDefinition[K] | undefined }

/** Refuses impossible responses: the run-time twin of `CheckResponses` and `CheckStatus`. */
export function checkResponses({ response, status, responses = {} }: Checked, place: string): void {
  if (response !== undefined && status !== undefined && NO_CONTENT.has(status))
    throw new DefinitionError(
      `A response with status ${status} has no body: remove "response" of ${place}, or its "status"`,
    )
  for (const [code, declaration] of Object.entries(responses)) {
    if (Number(code) === status)
      throw new DefinitionError(
        `"responses" of ${place} contains ${code}, the status of the main response: remove it there`,
      )
    if (typeof declaration !== 'object' || '~standard' in declaration)
      throw new DefinitionError(`"responses" of ${place} has no declaration at ${code}: write { body: schema }`)
  }
}

/** The responses of an operation, the main one first. */
export function compileResponses(declared: DeclaredMain, inherited: Responses, place: string): CompiledResponse[] {
  const { response, responseHeaders, responseDescription } = declared
  const status = declared.status ?? (response === undefined ? 204 : 200)
  checkResponses({ ...declared, status }, place)
  const main = { description: responseDescription, body: response, headers: responseHeaders }
  const others = Object.entries({ ...inherited, ...declared.responses }).filter(([code]) => Number(code) !== status)
  return [
    compileResponse(status, main, place),
    ...others.map(([code, other]) => compileResponse(Number(code), other, `${place}, status ${code}`)),
  ]
}

function compileResponse(
  status: number,
  { description, body, headers }: { readonly [K in keyof Responses[number]]: Responses[number][K] | undefined },
  place: string,
): CompiledResponse {
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new DefinitionError(`"${status}" of ${place} is not a response status: give a number from 200 to 599`)
  if (body !== undefined && NO_CONTENT.has(status))
    throw new DefinitionError(`A response with status ${status} has no body: remove "body" of ${place}`)
  const impliesProblem = body === undefined && status >= 400
  return Object.freeze({
    status,
    description,
    ...compileContent(impliesProblem ? problem() : body, place),
    headers: compileResponseHeaders(headers, `the response with status ${status} of ${place}`),
    impliesProblem,
  })
}

function compileContent(schema: Schema | undefined, place: string): CompiledContent {
  const content = contentOf(schema)
  const body = schema && compileSchema(schema, `"response" of ${place}`, ['output'])
  const plain = { body, format: BODY_FORMATS.json, stream: undefined, mediaType: mediaTypeOf(body), isFile: false }
  if (content === undefined) return { ...plain, prune: body && compilePruning(body.output) }
  if (content.file !== undefined) return { ...plain, isFile: true, prune: undefined }
  if (content.stream === undefined) return { ...plain, format: content.format, prune: undefined }
  const item = content.item && compileSchema(content.item, `items of "response" of ${place}`, ['output'])
  const stream = { format: content.stream, item, prune: item && compilePruning(item.output) }
  return { ...plain, stream, prune: undefined }
}

/** The headers of a response, compiled as the headers of a request are. */
export const compileResponseHeaders = (headers: Schema | undefined, place: string): ParameterGroup | undefined =>
  headers && compileParameterGroups({ headers }, place, ['input', 'output'])[0]
