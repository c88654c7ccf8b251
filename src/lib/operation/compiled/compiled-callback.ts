import { DefinitionError } from '../../definition/definition-error.ts'
import { knownEarly, readsResponse } from '../../expression/reads-response.ts'
import { serializeUrlTemplate } from '../../expression/serialize.ts'
import type { UrlTemplate } from '../../expression/url-template.ts'
import { type AnyCallbackOptions, CALLBACK_KEYS, type CallbackDefinition } from '../callback-definition.ts'
import { checkCallbackOptions } from '../check-callback-options.ts'
import type { CallbackSet } from '../check-callbacks.ts'
import { compileCallbackUrl } from './compile-callback-url.ts'
import { type CompiledMessage, compileMessage, sourcesOfMessage } from './compiled-message.ts'
import { type DeclaredSources, declaredParameters } from './declared-sources.ts'
import { capital, identifierOf } from './identifier.ts'

/** A callback compiled for one operation: the message, and where it goes. */
export interface CompiledCallback extends CompiledMessage {
  readonly definition: CallbackDefinition
  readonly template: UrlTemplate
  /** The URL template in the standard form of OpenAPI. */
  readonly url: string
  /** The URL reads the response, so it is known only when the handler has returned. */
  readonly late: boolean
  /** The plain names of the URL, whose values only the sender knows. */
  readonly names: readonly string[]
  /** The part of the template that is known before the handler runs. */
  readonly early: UrlTemplate
  /** The request headers that the URL reads, in lower case. */
  readonly headerNames: readonly string[]
  readonly operationId: string
  /** The callbacks that the receiver sends: documented only. */
  readonly callbacks: readonly CompiledCallback[]
}

/** Compiles a set of callbacks against the sources they may read. Throws a `DefinitionError`. */
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
  const definition = checkedDefinition(any, place)
  const options = definition.options as AnyCallbackOptions
  const message = compileMessage(name, { method: definition.method, options }, place)
  const names = declaredParameters(message.parameters, 'path')
  const template = compileCallbackUrl(definition.url, { ...sources, names }, place)
  const operationId = options.operationId ?? owner + capital(identifierOf(name) || wordsOf(name))
  return Object.freeze({
    ...message,
    definition,
    ...compiledTemplate(template),
    operationId,
    callbacks: compileCallbacks(options.callbacks, sourcesOfMessage(message), operationId),
  })
}

function checkedDefinition(any: CallbackSet[string], place: string): CallbackDefinition {
  if (any?.kind !== 'callback' || !('url' in any))
    throw new DefinitionError(
      `${capital(place)} is not a callback: make one with callback.post('{$callback_url}', {…}) or another method of "callback"`,
    )
  const definition = any as CallbackDefinition
  checkCallbackOptions(definition.options as AnyCallbackOptions, CALLBACK_KEYS, place)
  return definition
}

type CompiledTemplate = Pick<CompiledCallback, 'template' | 'url' | 'late' | 'names' | 'early' | 'headerNames'>

function compiledTemplate(template: UrlTemplate): CompiledTemplate {
  const late = template.parts.some(readsResponse)
  const names = [...new Set(template.parts.flatMap(part => (part.kind === 'name' ? part.name : [])))]
  return {
    template,
    url: serializeUrlTemplate(template),
    late,
    names,
    early: late || names.length > 0 ? knownEarly(template) : template,
    headerNames: template.parts.flatMap(part =>
      part.kind === 'header' && part.message === 'request' ? part.name.toLowerCase() : [],
    ),
  }
}

/** A name such as `2nd` is not an identifier by itself, but makes one after the owner's. */
const wordsOf = (name: string): string => identifierOf(`_ ${name}`).slice(1) || 'Callback'
