import type { CompiledDependency, NamedDependency } from '../../operation/compiled/compiled-dependency.ts'
import { type DependencyPlaces, placeHeld, placesOf } from '../dependency-places.ts'
import { type OpenGenerators, startDependency } from '../dependency-scope.ts'
import type { ContextValues } from '../request-context.ts'
import type { RequestRun } from '../request-run.ts'
import { decodeParameters, type ParameterValuesByKey } from './decode-parameters.ts'

/** A dependency that could not be made because parameters are wrong; `errors` already says which. */
const unavailable = Symbol('unavailable')

/**
 * Makes the values of the route's dependencies: each once per request, and those that do not need one another at the
 * same time. If one throws, this throws once all that were begun have ended, so that none is left half open.
 */
export function resolveDependencies(run: RequestRun): undefined | Promise<void> {
  return run.generators && resolve(run)
}

async function resolve(run: RequestRun): Promise<void> {
  const { dependencies, recipient } = run.route
  const list = recipient === undefined ? dependencies : [...dependencies, { name: '~recipient', compiled: recipient }]
  run.context = run.context.with(await namedValues(list, run, new Map()))
}

type Made = Map<CompiledDependency, Promise<unknown>>

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
  const known = made.get(compiled)
  if (known !== undefined && compiled.isCached) return known
  const value = make(compiled, run, made)
  made.set(compiled, value)
  return value
}

async function make(compiled: CompiledDependency, run: RequestRun, made: Made): Promise<unknown> {
  const { dependency, place } = compiled
  if (dependency.scope === 'app') return run.runtime.dependencies.value(compiled)
  const open = run.generators!.of(dependency.scope)
  const override = run.runtime.overrides.get(dependency)
  if (override !== undefined) return startDependency(override, run.context, open, place)
  const parameters: ParameterValuesByKey = {}
  await decodeParameters(compiled.parameters, run, parameters)
  const values = await namedValues(compiled.dependencies, run, made)
  const incomplete = compiled.parameters.some(({ key }) => !(key in parameters))
  if (incomplete || Object.values(values).includes(unavailable)) return unavailable
  const places = placesOf(compiled)
  if (places !== undefined) await holdPlace(places, run, open)
  return startDependency(dependency.fn, run.context.with({ ...parameters, ...values }), open, place)
}

/** Waits for a place, which is given back after the dependency has been cleaned up. */
async function holdPlace(places: DependencyPlaces, run: RequestRun, open: OpenGenerators): Promise<void> {
  await places.take(run.view, run.runtime.delivery.clock)
  const held = placeHeld(places)
  held.next()
  open.add(held, 'the place of a dependency')
}
