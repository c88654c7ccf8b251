import { DefinitionError } from '../../definition/definition-error.ts'
import type { DeclaredResponses } from '../../delivery/delivery-request.ts'
import type { WholeBodyFormat } from '../../http/body/body-format.ts'
import { type CompiledSchema, compileSchema } from '../../schema/compiled-schema.ts'
import { compileSent } from '../../schema/encoding/sent-schema.ts'
import type { Schema } from '../../schema/schema.ts'
import { contentOf } from '../bodies/content-schema.ts'
import type { AnyCallbackOptions, CallbackMethod } from '../callback-definition.ts'
import { compileDependencies, type NamedDependency } from './compiled-dependency.ts'
import { checkResponses, compileResponseHeaders } from './compiled-responses.ts'
import { type DeclaredSources, declaredParameters } from './declared-sources.ts'
import { compileParameterGroups, type ParameterGroup } from './parameter-group.ts'
import { wholeFormat } from './whole-format.ts'

/** One response of a message's receiver. Its status is written as in a document: `2XX` is any success. */
export interface MessageResponse {
  readonly status: string
  readonly description: string | undefined
  readonly body: CompiledSchema | undefined
  readonly headers: ParameterGroup | undefined
}

/** What is sent and what comes back, wherever it goes: it knows neither URL nor operation. */
export interface CompiledMessage {
  /** What it is called in messages. Default: a callback. */
  readonly kind?: 'webhook'
  readonly name: string
  readonly method: CallbackMethod
  readonly options: AnyCallbackOptions
  readonly body: CompiledSchema | undefined
  /** How the body is written. */
  readonly format: WholeBodyFormat
  /** The groups of path values, headers and query parameters that a sender gives. */
  readonly parameters: readonly ParameterGroup[]
  /** The main response first. */
  readonly responses: readonly MessageResponse[]
  /** The same in the form that a delivery keeps: one object, serialised once. */
  readonly declaredResponses: DeclaredResponses
  /** The security schemes that the receiver requires. */
  readonly dependencies: readonly NamedDependency[]
}

/** Compiles the message of a definition. Throws a `DefinitionError` that names the `place`. */
export function compileMessage(
  name: string,
  { method, options }: Pick<CompiledMessage, 'method' | 'options'>,
  place: string,
): CompiledMessage {
  const { params, headers, query, dependencies } = options
  const body = options.body && compileSent(options.body, `"body" of ${place}`)
  const parameters = compileParameterGroups({ params, headers, query }, place, ['input', 'output'])
  const responses = compileMessageResponses(options, place)
  const declaredResponses = Object.fromEntries(
    responses.map(({ status, body }) => [status, body === undefined ? {} : { schema: body.input }]),
  )
  return {
    ...{
      name,
      method,
      options,
      body,
      format: wholeFormat(options.body, place),
      parameters,
      responses,
      declaredResponses,
    },
    dependencies: compileDependencies(dependencies, place),
  }
}

function compileMessageResponses(options: AnyCallbackOptions, place: string): MessageResponse[] {
  const { response, responses = {}, status = response && 200 } = options
  checkResponses({ ...options, status }, place)
  const main = { status: String(status ?? '2XX'), description: options.responseDescription, headers: undefined }
  return [
    { ...main, body: compileResponseBody(response, place) },
    ...Object.entries(responses).map(([status, { description, body, headers }]) => ({
      status,
      description,
      body: compileResponseBody(body, `${place}, status ${status}`),
      headers: compileResponseHeaders(headers, `the response with status ${status} of ${place}`),
    })),
  ]
}

function compileResponseBody(schema: Schema | undefined, place: string): CompiledSchema | undefined {
  const content = contentOf(schema)
  if (content !== undefined && content.isJson !== true)
    throw new DefinitionError(
      `"response" of ${place} is not JSON, and only JSON is read from a receiver: give a schema`,
    )
  return schema && compileSchema(schema, `"response" of ${place}`, ['input'])
}

/** What the receiver's own callbacks may read: the request that we send, as it arrives. */
export function sourcesOfMessage({ parameters, body, responses }: CompiledMessage): DeclaredSources {
  return {
    path: declaredParameters(parameters, 'path'),
    query: declaredParameters(parameters, 'query'),
    header: declaredParameters(parameters, 'header'),
    body: body?.output,
    responseBody: responses[0]?.body?.input,
    responseHeader: new Map(),
  }
}
