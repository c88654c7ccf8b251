import type { CompiledDependency, NamedDependency } from '../operation/compiled/compiled-dependency.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import type { ValidationError } from '../schema/validation-error.ts'
import type { AppDependencies } from './app-dependencies.ts'
import { decodeParameters, type ParameterValuesByKey, type RequestTexts } from './decode-parameters.ts'
import { type RequestGenerators, startDependency } from './dependency-scope.ts'
import type { Overrides } from './overrides.ts'
import type { ContextValues, RequestContext } from './request-context.ts'

/** What the resolution of one request's dependencies needs. */
export interface DependencyRequest {
  readonly context: RequestContext
  readonly texts: RequestTexts
  readonly generators: RequestGenerators
  readonly appDependencies: AppDependencies
  readonly overrides: Overrides
  /** Takes what is wrong with parameters that dependencies read. */
  readonly errors: ValidationError[]
}

/** A dependency that could not be made because parameters are wrong; `errors` already tells. */
const unavailable = Symbol('unavailable')

/**
 * Makes the values of a list: each dependency once per request, those that do not need one another at the same time.
 * One that throws makes the whole throw, after all that were begun have ended, so that none is left half open.
 */
export function resolveDependencies(
  { dependencies, recipient }: Pick<CompiledOperation, 'dependencies' | 'recipient'>,
  request: DependencyRequest,
): Promise<ContextValues> {
  const list = recipient === undefined ? dependencies : [...dependencies, { name: '~recipient', compiled: recipient }]
  return namedValues(list, request, new Map())
}

type Made = Map<CompiledDependency, Promise<unknown>>

async function namedValues(
  list: readonly NamedDependency[],
  request: DependencyRequest,
  made: Made,
): Promise<ContextValues> {
  const settled = await Promise.allSettled(list.map(({ compiled }) => madeOnce(compiled, request, made)))
  const values: Record<string, unknown> = {}
  for (const [index, result] of settled.entries()) {
    if (result.status === 'rejected') throw result.reason
    values[list[index]!.name] = result.value
  }
  return values
}

function madeOnce(compiled: CompiledDependency, request: DependencyRequest, made: Made): Promise<unknown> {
  const known = made.get(compiled)
  if (known !== undefined) return known
  const value = make(compiled, request, made)
  made.set(compiled, value)
  return value
}

async function make(compiled: CompiledDependency, request: DependencyRequest, made: Made): Promise<unknown> {
  const { dependency, place } = compiled
  if (dependency.scope === 'app') return request.appDependencies.value(compiled)
  const open = request.generators.of(dependency.scope)
  const override = request.overrides.get(dependency)
  if (override !== undefined) return startDependency(override, request.context, open, place)
  const parameters: ParameterValuesByKey = {}
  await decodeParameters(compiled.parameters, request.texts, parameters, request.errors)
  const values = await namedValues(compiled.dependencies, request, made)
  const incomplete = compiled.parameters.some(({ key }) => !(key in parameters))
  if (incomplete || Object.values(values).includes(unavailable)) return unavailable
  return startDependency(dependency.fn, request.context.with({ ...parameters, ...values }), open, place)
}
