import { DefinitionError } from '../../definition/definition-error.ts'
import { readsResponse, withoutResponse } from '../../expression/reads-response.ts'
import { serializeUrlTemplate } from '../../expression/serialize.ts'
import type { UrlTemplate } from '../../expression/url-template.ts'
import { type CompiledSchema, compileSchema } from '../../schema/compiled-schema.ts'
import {
  type AnyCallbackOptions,
  CALLBACK_KEYS,
  type CallbackDefinition,
  type CallbackMethod,
} from '../callback-definition.ts'
import { checkCallbackOptions } from '../check-callback-options.ts'
import type { CallbackSet } from '../check-callbacks.ts'
import { compileCallbackUrl } from './compile-callback-url.ts'
import { compileDependencies, type NamedDependency } from './compiled-dependency.ts'
import { checkAnswers, compileResponseHeaders } from './compiled-responses.ts'
import { type DeclaredSources, declaredParameters } from './declared-sources.ts'
import { capital, identifierOf } from './identifier.ts'
import { compileParameterGroups, type ParameterGroup } from './parameter-group.ts'

/** One answer of a callback's receiver; `key` is its status as the document writes it, `2XX` for any success. */
export interface CallbackAnswer {
  readonly key: string
  readonly description: string | undefined
  readonly body: CompiledSchema | undefined
  readonly headers: ParameterGroup | undefined
}

/** A callback made ready for one operation. */
export interface CompiledCallback {
  readonly name: string
  readonly definition: CallbackDefinition
  readonly options: AnyCallbackOptions
  readonly method: CallbackMethod
  readonly template: UrlTemplate
  /** The URL template in the standard form of OpenAPI. */
  readonly url: string
  /** The URL reads the response, so it is known only when the handler has returned. */
  readonly late: boolean
  /** What of the template is known before the handler runs. */
  readonly early: UrlTemplate
  /** The request headers that the URL reads, in lower case. */
  readonly headerNames: readonly string[]
  readonly body: CompiledSchema | undefined
  /** The groups of headers and query parameters that `send` takes. */
  readonly parameters: readonly ParameterGroup[]
  readonly answers: readonly CallbackAnswer[]
  readonly operationId: string
  readonly dependencies: readonly NamedDependency[]
  /** The receiver's own callbacks: only documented. */
  readonly callbacks: readonly CompiledCallback[]
}

/** Makes a set of callbacks ready against what may be read, or throws a `DefinitionError`. */
export function compileCallbacks(
  set: CallbackSet | undefined,
  sources: DeclaredSources,
  owner: string,
): CompiledCallback[] {
  const callbacks = Object.entries(set ?? {}).map(([name, any]) => compileCallback(name, any, sources, owner))
  for (const [index, { name, operationId }] of callbacks.entries()) {
    const twin = callbacks.slice(0, index).find(other => other.operationId === operationId)
    if (twin !== undefined)
      throw new DefinitionError(
        `The callbacks "${twin.name}" and "${name}" of ${owner} both have the operationId "${operationId}": give one of them another "operationId"`,
      )
  }
  return callbacks
}

function compileCallback(
  name: string,
  any: CallbackSet[string],
  sources: DeclaredSources,
  owner: string,
): CompiledCallback {
  const place = `the callback "${name}" of ${owner}`
  if (any?.kind !== 'callback' || !('url' in any))
    throw new DefinitionError(
      `"${name}" in the callbacks of ${owner} is not a callback: make one with callback.post('{$callback_url}', {…}) or another method of "callback"`,
    )
  const definition = any as CallbackDefinition
  const options = definition.options as AnyCallbackOptions
  checkCallbackOptions(options, CALLBACK_KEYS, place)
  const template = compileCallbackUrl(definition.url, sources, place)
  const late = template.parts.some(readsResponse)
  const body = options.body && compileSchema(options.body, `"body" of ${place}`, ['output'])
  const operationId = options.operationId ?? owner + capital(identifierOf(name) || wordsOf(name))
  const parameters = compileParameterGroups({ headers: options.headers, query: options.query }, place, [
    'input',
    'output',
  ])
  return Object.freeze({
    name,
    definition,
    options,
    method: definition.method,
    template,
    url: serializeUrlTemplate(template),
    late,
    early: late ? withoutResponse(template) : template,
    headerNames: template.parts.flatMap(part =>
      part.kind === 'header' && part.message === 'request' ? part.name.toLowerCase() : [],
    ),
    body,
    parameters,
    answers: compileAnswers(options, place),
    operationId,
    dependencies: compileDependencies(options.dependencies, place),
    callbacks: compileCallbacks(options.callbacks, sourcesOf(body, parameters, options, place), operationId),
  })
}

function compileAnswers(options: AnyCallbackOptions, place: string): CallbackAnswer[] {
  checkAnswers({ ...options, status: options.status ?? (options.response && 200) }, place)
  const main = {
    key: String(options.status ?? (options.response === undefined ? '2XX' : 200)),
    description: undefined,
    body: answerBody(options.response, place),
    headers: undefined,
  }
  return [
    main,
    ...Object.entries(options.responses ?? {}).map(([status, { description, body, headers }]) => ({
      key: status,
      description,
      body: answerBody(body, `${place}, status ${status}`),
      headers: compileResponseHeaders(headers, `the response with status ${status} of ${place}`),
    })),
  ]
}

const answerBody = (schema: AnyCallbackOptions['response'], place: string) =>
  schema && compileSchema(schema, `"response" of ${place}`, ['input'])

/** What the receiver's own callbacks may read: the request that we send, as it arrives. */
function sourcesOf(
  body: CompiledSchema | undefined,
  parameters: readonly ParameterGroup[],
  options: AnyCallbackOptions,
  place: string,
): DeclaredSources {
  return {
    path: new Map(),
    query: declaredParameters(parameters, 'query'),
    header: declaredParameters(parameters, 'header'),
    body: body?.output,
    responseBody: answerBody(options.response, place)?.input,
    responseHeader: new Map(),
  }
}

/** A name that is no identifier by itself may be one behind the owner's. */
const wordsOf = (name: string): string => identifierOf(`_ ${name}`).slice(1) || 'Callback'
