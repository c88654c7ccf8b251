import {
  allDependencies,
  type CompiledDependency,
  type NamedDependency,
} from '../../operation/compiled/compiled-dependency.ts'
import { type DependencyPlaces, placeHeld, placesOf } from '../dependency-places.ts'
import { type OpenGenerators, startDependency } from '../dependency-scope.ts'
import type { ContextValues, RequestContext } from '../request-context.ts'
import type { RequestRun } from '../request-run.ts'
import { decodeParameters, type ParameterValuesByKey } from './decode-parameters.ts'

/** A dependency that could not be made because parameters are wrong; `errors` already says which. */
const unavailable = Symbol('unavailable')

/**
 * Makes the values of the route's dependencies: each once per request, and those that do not need one another at the
 * same time. If one throws, this throws once all that were begun have ended, so that none is left half open. Those that
 * are made last only have their parameters read.
 */
export function resolveDependencies(run: RequestRun): undefined | Promise<void> {
  return run.generators && resolve(run)
}

/** Makes the values of those that wait until the request has been read and judged. */
export function resolveLastDependencies(run: RequestRun): undefined | Promise<void> {
  return run.resolveLast?.()
}

async function resolve(run: RequestRun): Promise<void> {
  const { dependencies, recipient } = run.route
  const first = dependencies.filter(({ compiled }) => !compiled.isLast)
  const list = recipient === undefined ? first : [...first, { name: '~recipient', compiled: recipient }]
  const made: Made = { context: run.context, values: new Map(), parameters: new Map() }
  run.context = run.context.with(await namedValues(list, run, made))
  if (first.length < dependencies.length) await prepareLast(run, made)
}

async function prepareLast(run: RequestRun, made: Made): Promise<void> {
  const last = run.route.dependencies.filter(({ compiled }) => compiled.isLast)
  for (const compiled of allDependencies(last)) await parametersOf(compiled, run, made)
  run.resolveLast = async () => {
    Object.assign(run.context, await namedValues(last, run, made))
  }
}

/** What has been made for a request so far. */
interface Made {
  /** What dependencies see of the request, whenever they are made. */
  readonly context: RequestContext
  readonly values: Map<CompiledDependency, Promise<unknown>>
  readonly parameters: Map<CompiledDependency, ParameterValuesByKey>
}

async function namedValues(list: readonly NamedDependency[], run: RequestRun, made: Made): Promise<ContextValues> {
  const settled = await Promise.allSettled(list.map(({ compiled }) => madeOnce(compiled, run, made)))
  const values: Record<string, unknown> = {}
  for (const [index, result] of settled.entries()) {
    if (result.status === 'rejected') throw result.reason
    values[list[index]!.name] = result.value
  }
  return values
}

function madeOnce(compiled: CompiledDependency, run: RequestRun, made: Made): Promise<unknown> {
  const known = made.values.get(compiled)
  if (known !== undefined && compiled.isCached) return known
  const value = make(compiled, run, made)
  made.values.set(compiled, value)
  return value
}

async function make(compiled: CompiledDependency, run: RequestRun, made: Made): Promise<unknown> {
  const { dependency, place } = compiled
  if (dependency.scope === 'app') return run.runtime.dependencies.value(compiled)
  const open = run.generators!.of(dependency.scope)
  const override = run.runtime.overrides.get(dependency)
  if (override !== undefined) return startDependency(override, made.context, open, place)
  const parameters = await parametersOf(compiled, run, made)
  const values = await namedValues(compiled.dependencies, run, made)
  const incomplete = compiled.parameters.some(({ key }) => !(key in parameters))
  if (incomplete || Object.values(values).includes(unavailable)) return unavailable
  const places = placesOf(compiled)
  if (places !== undefined) await holdPlace(places, run, open)
  const value = await startDependency(dependency.fn, made.context.with({ ...parameters, ...values }), open, place)
  if (compiled.isLast) run.deliveries?.join(dependency, value)
  return value
}

async function parametersOf(compiled: CompiledDependency, run: RequestRun, made: Made): Promise<ParameterValuesByKey> {
  const known = made.parameters.get(compiled)
  if (known !== undefined) return known
  const parameters: ParameterValuesByKey = {}
  made.parameters.set(compiled, parameters)
  await decodeParameters(compiled.parameters, run, parameters)
  return parameters
}

/** Waits for a place, which is given back after the dependency has been cleaned up. */
async function holdPlace(places: DependencyPlaces, run: RequestRun, open: OpenGenerators): Promise<void> {
  await places.take(run.view, run.runtime.delivery.clock)
  const held = placeHeld(places)
  held.next()
  open.add(held, 'the place of a dependency')
}
