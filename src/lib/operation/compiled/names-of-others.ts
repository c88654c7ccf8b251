import type { PathTemplate } from '../../http/path-template.ts'
import { typesOf } from '../../schema/json-schema.ts'
import { splitName } from '../../schema/parameters/parameter-tree.ts'
import type { CompiledDependency } from './compiled-dependency.ts'
import { PARAMETER_LOCATIONS, type ParameterGroup, type ParameterKey } from './parameter-group.ts'

/** For each group that also reads undeclared names: whether another part of the operation declares a name. */
export type NamesOfOthers = ReadonlyMap<ParameterGroup, (name: string) => boolean>

/**
 * Tells each group what the rest of its operation declares: a strict schema must not refuse the parameter of a
 * dependency or security scheme in the same part of the request. Undefined where no two of them share a part.
 */
export function namesOfOthers(
  own: readonly ParameterGroup[],
  dependencies: readonly CompiledDependency[],
  template: PathTemplate,
): NamesOfOthers | undefined {
  const groups = [...own, ...dependencies.flatMap(({ parameters }) => parameters)]
  const found = new Map<ParameterGroup, (name: string) => boolean>()
  for (const group of groups.filter(({ readsOthers }) => readsOthers)) {
    const names = new Set(group.key === 'params' ? template.names : securityNames(dependencies, group.key))
    const objects = new Set<string>()
    for (const { key, properties, schema } of groups)
      if (key === group.key)
        for (const [name, property] of properties) {
          names.add(name)
          if (typesOf(property.schema, schema.input).has('object')) objects.add(name)
        }
    const declares = (name: string) => names.has(name) || objects.has(splitName(name)?.[0] ?? '')
    const isOwn = (name: string) => group.properties.has(name) || group.properties.has(splitName(name)?.[0] ?? '')
    if (names.size > group.properties.size) found.set(group, name => !isOwn(name) && declares(name))
  }
  return found.size === 0 ? undefined : found
}

/** The names of the keys that security schemes read in one part of the request. */
const securityNames = (dependencies: readonly CompiledDependency[], key: ParameterKey): string[] =>
  dependencies
    .flatMap(({ security }) => security)
    .filter(({ scheme }) => scheme.type === 'apiKey' && scheme['in'] === PARAMETER_LOCATIONS[key].location)
    .map(({ scheme }) => String(scheme['name']))
