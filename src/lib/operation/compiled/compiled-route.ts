import type { PathTemplate } from '../../http/path-template.ts'
import type { CompiledDependency, NamedDependency } from './compiled-dependency.ts'
import type { NamesOfOthers } from './names-of-others.ts'
import type { ParameterGroup } from './parameter-group.ts'

/** What a route reads from a request before it does anything for it: the first half of an operation. */
export interface CompiledRoute {
  readonly template: PathTemplate
  readonly parameters: readonly ParameterGroup[]
  /** Names that a group does not declare but another part of the route does. */
  readonly namesOfOthers: NamesOfOthers | undefined
  /** Dependencies that the handler sees by name. */
  readonly dependencies: readonly NamedDependency[]
  /** The dependency that names the tenant for whom callbacks are sent; only where there are callbacks. */
  readonly recipient: CompiledDependency | undefined
  /** All of these with their own dependencies, each once. */
  readonly allDependencies: readonly CompiledDependency[]
}
