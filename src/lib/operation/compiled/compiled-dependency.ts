import { DefinitionError } from '../../definition/definition-error.ts'
import type { Schema } from '../../schema/schema.ts'
import { RESERVED_NAMES } from '../dependency-definition.ts'
import type { Dependency, DependencySet } from '../dependency-set.ts'
import type { SecurityRequirement } from '../security-scheme.ts'
import { type Concurrency, concurrencyOf, type DependencyLimits } from './dependency-limits.ts'
import { isMadeLast } from './made-last.ts'
import { compileParameterGroups, type ParameterGroup, type ParameterKey } from './parameter-group.ts'

/** A compiled dependency: one object for each, whatever names it has. */
export interface CompiledDependency {
  readonly dependency: Dependency
  /** Where it was first found, in words: `the dependency "user" of GET /me`. */
  readonly place: string
  readonly parameters: readonly ParameterGroup[]
  /** Its own dependencies by name. */
  readonly dependencies: readonly NamedDependency[]
  /** The security schemes that it is, or asks more of, for the document. */
  readonly security: readonly SecurityRequirement[]
  /** One value serves all of a request. */
  readonly isCached: boolean
  /** How many values there may be at once; undefined for any number. */
  readonly concurrency: Concurrency | undefined
  /** It is made when the request has been read and judged, or needs one that is. */
  readonly isLast: boolean
}

/** A dependency under the name that its user gave it. */
export interface NamedDependency {
  readonly name: string
  readonly compiled: CompiledDependency
}

interface DependencyOptions extends Partial<Record<ParameterKey, Schema>>, DependencyLimits {
  readonly dependencies?: DependencySet
  readonly security?: readonly SecurityRequirement[]
}

const compiledDependencies = new WeakMap<Dependency, CompiledDependency>()

/** Compiles the dependencies of a definition. Throws a `DefinitionError` that names the place. */
export function compileDependencies(set: DependencySet | undefined, place: string): NamedDependency[] {
  return Object.entries(set ?? {}).map(([name, dependency]) => {
    checkName(name, dependency, place)
    return { name, compiled: compileDependency(dependency, `the dependency "${name}" of ${place}`) }
  })
}

function checkName(name: string, dependency: Dependency, place: string): void {
  if ((RESERVED_NAMES as readonly string[]).includes(name))
    throw new DefinitionError(`The handler of ${place} already has "${name}": give this dependency another name`)
  checkKind(dependency, `"${name}" in the dependencies of ${place}`)
}

function checkKind(dependency: Dependency, what: string): void {
  if (dependency?.kind !== 'dependency')
    throw new DefinitionError(`${what} is not a dependency: make one with dependency({…}, fn)`)
}

/** Compiles the dependency that names the tenant of a request. */
export function compileRecipient(dependency: Dependency | undefined): CompiledDependency | undefined {
  if (dependency === undefined) return undefined
  checkKind(dependency, '"delivery.recipient"')
  return compileDependency(dependency, 'the dependency "delivery.recipient"')
}

function compileDependency(dependency: Dependency, place: string): CompiledDependency {
  const known = compiledDependencies.get(dependency)
  if (known !== undefined) return known
  const options = dependency.options as DependencyOptions
  const dependencies = compileDependencies(options.dependencies, place)
  const compiled: CompiledDependency = Object.freeze({
    dependency,
    place,
    parameters: compileParameterGroups(options, place),
    dependencies,
    security: options.security ?? [],
    isCached: options.cache ?? true,
    concurrency: concurrencyOf(options),
    isLast: isMadeLast(dependency) || dependencies.some(({ compiled }) => compiled.isLast),
  })
  checkScope(compiled, place)
  compiledDependencies.set(dependency, compiled)
  return compiled
}

/** A value cannot depend on one that is cleaned up earlier: the app's on a request's, a response's on a handler's. */
function checkScope(compiled: CompiledDependency, place: string): void {
  const { scope } = compiled.dependency
  const handlers = compiled.dependencies.find(({ compiled }) => compiled.dependency.scope === 'handler')
  if (scope === 'response' && handlers !== undefined && cleansUp(compiled.dependency))
    throw new DefinitionError(
      `With scope "response" ${place} cannot use "${handlers.name}", which is cleaned up when the handler has returned: give both the same scope`,
    )
  if (scope !== 'app') return
  if (compiled.parameters.length > 0)
    throw new DefinitionError(
      `With scope "app" ${place} cannot read a request: remove "params", "query", "headers" and "cookies"`,
    )
  const shorter = compiled.dependencies.find(({ compiled }) => compiled.dependency.scope !== 'app')
  if (shorter !== undefined)
    throw new DefinitionError(
      `With scope "app" ${place} cannot use "${shorter.name}", which lives for one request: give that one scope "app" too`,
    )
}

const cleansUp = ({ fn }: Dependency): boolean =>
  /^\[object (?:Async)?GeneratorFunction\]$/.test(Object.prototype.toString.call(fn))

/** All dependencies of a list with their own dependencies, each once. */
export function allDependencies(list: readonly Pick<NamedDependency, 'compiled'>[]): CompiledDependency[] {
  const found = new Set<CompiledDependency>()
  const visit = ({ compiled }: Pick<NamedDependency, 'compiled'>): void => {
    if (found.has(compiled)) return
    found.add(compiled)
    compiled.dependencies.forEach(visit)
  }
  list.forEach(visit)
  return [...found]
}
