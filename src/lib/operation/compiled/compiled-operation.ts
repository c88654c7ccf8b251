import { DefinitionError } from '../../definition/definition-error.ts'
import type { PathTemplate } from '../../http/path-template.ts'
import { type AllBodyLimits, allBodyLimits, type BodyLimits, givenBodyLimits } from '../body-limits.ts'
import type { CallbackSet } from '../check-callbacks.ts'
import type { AnyDefinition } from '../definition.ts'
import { checkDefinitionKeys } from '../definition-keys.ts'
import type { Dependency, DependencySet } from '../dependency-set.ts'
import type { Method, Responses } from '../responses.ts'
import type { CompiledSocket } from '../socket/compiled-socket.ts'
import type { WebhookSet } from '../webhook-definition.ts'
import { type CompiledBody, compileBody } from './compiled-body.ts'
import { type CompiledCallback, compileCallbacks } from './compiled-callback.ts'
import { allDependencies, compileDependencies, compileRecipient, type NamedDependency } from './compiled-dependency.ts'
import { type CompiledResponse, compileResponses } from './compiled-responses.ts'
import type { CompiledRoute } from './compiled-route.ts'
import { type DeclaredParameters, type DeclaredSources, declaredParameters } from './declared-sources.ts'
import { namesOfOthers } from './names-of-others.ts'
import { compileParameterGroups, type ParameterGroup } from './parameter-group.ts'
import { summaryFrom } from './summary-from.ts'

/** What the levels above an operation (routers, includes, the app) add to it. */
export interface InheritedParts {
  readonly tags: readonly string[]
  readonly deprecated: boolean
  /** False where a level hides all of its operations. */
  readonly documented: boolean
  readonly responses: Responses
  /** One set for each level, outermost first. */
  readonly callbacks: readonly CallbackSet[]
  readonly dependencies: readonly DependencySet[]
  readonly webhooks: readonly WebhookSet[]
  /** The limits that levels gave; the innermost wins. */
  readonly bodyLimits?: BodyLimits
}

/** A compiled path operation: everything is read and checked, and a request only runs it. */
export interface CompiledOperation extends CompiledRoute {
  readonly method: Method
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly deprecated: boolean
  readonly documented: boolean
  readonly definition: AnyDefinition
  readonly body: CompiledBody | undefined
  readonly bodyLimits: AllBodyLimits
  /** The main response first. */
  readonly responses: readonly CompiledResponse[]
  readonly callbacks: readonly CompiledCallback[]
  /** Which webhooks the handler sends. The application compiles them once for all of its operations. */
  readonly webhooks: WebhookSet
  readonly webhookNames: readonly string[]
  /** Present where this is the handshake of a WebSocket. */
  readonly socket: CompiledSocket | undefined
  readonly handler: (context: object) => unknown
}

/** What `compileOperation` needs. */
export interface OperationParts {
  readonly method: Method
  readonly template: PathTemplate
  readonly operationId: string
  readonly definition: AnyDefinition
  readonly inherited: InheritedParts
  /** The app's `delivery.recipient`. */
  readonly recipient?: Dependency | undefined
  readonly handler: (context: object) => unknown
  /** Where it stands, in words. Default: method and path. */
  readonly place?: string
  readonly socket?: CompiledSocket
}

/** Compiles an operation. Throws a `DefinitionError` that names what does not fit. */
export function compileOperation(parts: OperationParts): CompiledOperation {
  const { method, template, operationId, definition, inherited, socket } = parts
  const { place = `${method.toUpperCase()} ${template.text}` } = parts
  checkDefinitionKeys(definition, place)
  const dependencies = inheritDependencies(definition.dependencies, inherited.dependencies, place)
  const callbackSet = mergeCallbacks(definition.callbacks, inherited.callbacks, place)
  const recipient = Object.keys(callbackSet).length === 0 ? undefined : compileRecipient(parts.recipient)
  const all = allDependencies(recipient === undefined ? dependencies : [...dependencies, { compiled: recipient }])
  const parameters = compileParameterGroups(definition, place)
  const groups = [...parameters, ...all.flatMap(({ parameters }) => parameters)]
  checkPathNames(groups, template, place)
  const body = definition.body && compileBody(definition.body, place)
  const responses = compileResponses(definition, inherited.responses, place)
  const sources = sourcesOf(template, groups, body, responses[0])
  const callbacks = compileCallbacks(callbackSet, sources, operationId)
  const webhooks = mergeSets([...inherited.webhooks, definition.webhooks ?? {}], 'webhook', place)
  return Object.freeze({
    method,
    template,
    operationId,
    summary: definition.summary ?? summaryFrom(operationId),
    tags: allTags(definition, inherited),
    deprecated: definition.deprecated ?? inherited.deprecated,
    documented: inherited.documented && (definition.documented ?? true),
    definition,
    parameters,
    namesOfOthers: namesOfOthers(parameters, all, template),
    body,
    bodyLimits: allBodyLimits(
      { ...inherited.bodyLimits, ...givenBodyLimits(definition, place) },
      body?.takesFiles === true,
    ),
    responses,
    callbacks,
    webhooks,
    webhookNames: Object.keys(webhooks),
    dependencies,
    recipient,
    allDependencies: all,
    socket,
    handler: parts.handler,
  })
}

/** The tags of an operation, those of its routers first. */
export const allTags = (definition: AnyDefinition, inherited: InheritedParts): string[] => [
  ...new Set([...inherited.tags, ...(definition.tags ?? [])]),
]

function inheritDependencies(
  own: DependencySet | undefined,
  levels: readonly DependencySet[],
  place: string,
): NamedDependency[] {
  const merged = mergeSets([...levels, own ?? {}], 'dependency', place)
  return compileDependencies(merged, place)
}

const mergeCallbacks = (own: CallbackSet | undefined, levels: readonly CallbackSet[], place: string): CallbackSet =>
  mergeSets([...levels, own ?? {}], 'callback', place)

/** Merges sets: the same object under the same name is fine, a different one is a conflict. */
function mergeSets<T>(sets: readonly Readonly<Record<string, T>>[], what: string, place: string): Record<string, T> {
  const merged: Record<string, T> = {}
  for (const [name, value] of sets.flatMap(set => Object.entries(set))) {
    if (Object.hasOwn(merged, name) && merged[name] !== value)
      throw new DefinitionError(
        `Two different ${what} definitions are called "${name}" on ${place}: rename one of them`,
      )
    merged[name] = value
  }
  return merged
}

function checkPathNames(groups: readonly ParameterGroup[], template: PathTemplate, place: string): void {
  for (const group of groups.filter(({ location }) => location === 'path'))
    for (const name of group.properties.keys())
      if (!template.names.includes(name))
        throw new DefinitionError(`"params" of ${place} declares "${name}", but the path has no "{${name}}"`)
}

function sourcesOf(
  template: PathTemplate,
  groups: readonly ParameterGroup[],
  body: CompiledBody | undefined,
  main: CompiledResponse | undefined,
): DeclaredSources {
  const text = { schema: { type: 'string' }, required: true, root: {} }
  const fromTemplate: DeclaredParameters = new Map(template.names.map(name => [name, text]))
  return {
    path: new Map([...fromTemplate, ...declaredParameters(groups, 'path')]),
    query: declaredParameters(groups, 'query'),
    header: declaredParameters(groups, 'header'),
    body: body?.input,
    responseBody: readableBody(main)?.output,
    responseHeader: main?.headers === undefined ? new Map() : declaredParameters([main.headers], 'header'),
  }
}

/** What expressions can read of a response: not what a client chose, and not what leaves piece by piece. */
function readableBody(main: CompiledResponse | undefined): CompiledResponse['body'] {
  const isReadable = main?.choices === undefined && main?.stream === undefined && main?.isFile !== true
  return isReadable ? main?.body : undefined
}
