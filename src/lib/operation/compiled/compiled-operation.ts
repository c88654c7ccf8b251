import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import type { BodyFormat } from '../../http/body/body-format.ts'
import type { PathTemplate } from '../../http/path-template.ts'
import { once } from '../../once.ts'
import { compileJsonCoercion, type JsonCoercion } from '../../schema/coerce-json.ts'
import { type CompiledSchema, compileSchema } from '../../schema/compiled-schema.ts'
import { mayBeMissing } from '../../schema/libraries/may-be-missing.ts'
import { type BodyLimits, DEFAULT_BODY_LIMITS, givenBodyLimits } from '../body-limits.ts'
import type { CallbackSet } from '../check-callbacks.ts'
import type { AnyDefinition } from '../definition.ts'
import { DEFINITION_KEYS } from '../definition-keys.ts'
import type { Dependency, DependencySet } from '../dependency-set.ts'
import type { Method, Responses } from '../responses.ts'
import { type CompiledCallback, compileCallbacks } from './compiled-callback.ts'
import { allDependencies, compileDependencies, compileRecipient, type NamedDependency } from './compiled-dependency.ts'
import { type CompiledResponse, compileResponses } from './compiled-responses.ts'
import type { CompiledRoute } from './compiled-route.ts'
import { type DeclaredParameters, type DeclaredSources, declaredParameters } from './declared-sources.ts'
import { namesOfOthers } from './names-of-others.ts'
import { compileParameterGroups, type ParameterGroup } from './parameter-group.ts'
import { summaryFrom } from './summary-from.ts'
import { wholeFormat } from './whole-format.ts'

/** What the levels above an operation (routers, includes, the app) add to it. */
export interface InheritedParts {
  readonly tags: readonly string[]
  readonly deprecated: boolean
  readonly responses: Responses
  /** One set for each level, outermost first. */
  readonly callbacks: readonly CallbackSet[]
  readonly dependencies: readonly DependencySet[]
  /** The limits that levels gave; the innermost wins. */
  readonly bodyLimits?: BodyLimits
}

/** The body of an operation's requests. */
export interface CompiledBody {
  readonly schema: CompiledSchema
  /** The formats in which it may be sent; the first one is used where a request names no media type. */
  readonly formats: readonly [BodyFormat, ...BodyFormat[]]
  readonly coerce: JsonCoercion
  readonly mayBeMissing: () => boolean
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
  readonly bodyLimits: Required<BodyLimits>
  /** The main response first. */
  readonly responses: readonly CompiledResponse[]
  readonly callbacks: readonly CompiledCallback[]
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
}

/** Compiles an operation. Throws a `DefinitionError` that names what does not fit. */
export function compileOperation(parts: OperationParts): CompiledOperation {
  const { method, template, operationId, definition, inherited } = parts
  const place = `${method.toUpperCase()} ${template.text}`
  checkNames(definition, DEFINITION_KEYS, place)
  const dependencies = inheritDependencies(definition.dependencies, inherited.dependencies, place)
  const callbackSet = mergeCallbacks(definition.callbacks, inherited.callbacks, place)
  const recipient = Object.keys(callbackSet).length === 0 ? undefined : compileRecipient(parts.recipient)
  const all = allDependencies(recipient === undefined ? dependencies : [...dependencies, { compiled: recipient }])
  const parameters = compileParameterGroups(definition, place)
  const groups = [...parameters, ...all.flatMap(({ parameters }) => parameters)]
  checkPathNames(groups, template, place)
  const body = definition.body && compileSchema(definition.body, `"body" of ${place}`, ['input'])
  const responses = compileResponses(definition, inherited.responses, place)
  const sources = sourcesOf(template, groups, body, responses[0])
  const callbacks = compileCallbacks(callbackSet, sources, operationId)
  return Object.freeze({
    method,
    template,
    operationId,
    summary: definition.summary ?? summaryFrom(operationId),
    tags: [...new Set([...inherited.tags, ...(definition.tags ?? [])])],
    deprecated: definition.deprecated ?? inherited.deprecated,
    documented: definition.documented ?? true,
    definition,
    parameters,
    namesOfOthers: namesOfOthers(parameters, all, template),
    body: body && compileBody(body, place),
    bodyLimits: { ...DEFAULT_BODY_LIMITS, ...inherited.bodyLimits, ...givenBodyLimits(definition, place) },
    responses,
    callbacks,
    dependencies,
    recipient,
    allDependencies: all,
    handler: parts.handler,
  })
}

const compileBody = (schema: CompiledSchema, place: string): CompiledBody => ({
  schema,
  formats: [wholeFormat(schema.source, place)],
  coerce: compileJsonCoercion(schema.input),
  // Asked late, since the checks of a schema may use constants that its module has not yet initialised.
  mayBeMissing: once(() => mayBeMissing(schema, 'input')),
})

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
  body: CompiledSchema | undefined,
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
function readableBody(main: CompiledResponse | undefined): CompiledSchema | undefined {
  const isReadable = main?.choices === undefined && main?.stream === undefined && main?.isFile !== true
  return isReadable ? main?.body : undefined
}
