import { discriminatorOf } from './discriminator.ts'
import { asJsonSchema, type JsonSchema, typesOf } from './json-schema.ts'
import { compileMatch, type Match } from './match.ts'
import { type ArrayPlan, KEEP, type ObjectPlan, type Pruning, pruneArray, pruneObject } from './prune-plan.ts'
import { partsOf, prefixItemsIn, SchemaSetCache, schemasIn } from './schema-parts.ts'

export type { Pruning } from './prune-plan.ts'

/**
 * Compiles the removal of undeclared properties from a validated value, so that what is sent never contains more than
 * its schema declares, whatever the library does with extra properties. An object that its schema leaves open on
 * purpose (`additionalProperties`, or nothing said about properties at all) keeps them. For a union, the branches that
 * the value matches count. An instance of a class becomes a plain object of what is declared: its `toJSON` is not
 * called.
 *
 * The pruning gives the same value where there is nothing to remove.
 */
export function compilePruning(root: JsonSchema): Pruning {
  return new PruningCompiler(root).compile([root])
}

class PruningCompiler {
  readonly #root: JsonSchema
  readonly #made: SchemaSetCache<Pruning>
  readonly #matches = new Map<JsonSchema, Match>()
  readonly #rests = new Map<JsonSchema, JsonSchema[]>()
  readonly #shells = new Map<string, JsonSchema>()

  constructor(root: JsonSchema) {
    this.#root = root
    this.#made = new SchemaSetCache(root)
  }

  /** The pruning of a value to which all the schemas apply. */
  compile(schemas: readonly JsonSchema[]): Pruning {
    const { known, remember } = this.#made.find(schemas)
    if (known !== undefined) return known
    // A recursive schema finds this entry while its pruning is still being compiled.
    let pruning: Pruning = KEEP
    remember(value => pruning(value))
    const { all, unions } = partsOf(schemas, this.#root)
    const nested = unions.map(branches => branches.filter(branch => this.#takesNested(branch)))
    const certain = nested.filter(branches => branches.length === 1).flat()
    const open = nested.filter(branches => branches.length > 1)
    const others = unions.length === 0 ? all : all.flatMap(part => this.#rest(part))
    if (certain.length > 0)
      pruning = this.compile([...others, ...certain, ...open.map(branches => this.#shell(branches))])
    else if (open.length > 0) pruning = this.#union(others, open)
    else pruning = this.#plan(all)
    return remember(pruning)
  }

  /**
   * Gives the same object for the same schema, as `#shell` does. Otherwise a recursive schema would be opened without
   * end.
   */
  #rest(schema: JsonSchema): JsonSchema[] {
    const rest = this.#rests.get(schema) ?? withoutUnions(schema)
    this.#rests.set(schema, rest)
    return rest
  }

  #shell(anyOf: readonly JsonSchema[]): JsonSchema {
    const key = this.#made.keyOf(anyOf)
    const shell = this.#shells.get(key) ?? { anyOf }
    this.#shells.set(key, shell)
    return shell
  }

  #takesNested(schema: JsonSchema): boolean {
    const types = typesOf(schema, this.#root)
    return types.has('object') || types.has('array')
  }

  /** Chooses the branches that each value matches; a combination of several is compiled when it is first needed. */
  #union(all: readonly JsonSchema[], unions: readonly (readonly JsonSchema[])[]): Pruning {
    const single = unions.map(branches => branches.map(branch => this.compile([...all, branch])))
    if (single.flat().every(pruning => pruning === KEEP)) return KEEP
    const choices = unions.map(branches => this.#choice(branches))
    const made = new Map<string, Pruning>()
    const several: Pruning = value => {
      const chosen = choices.map(choose => choose(value))
      const key = chosen.join(';')
      const pruning =
        made.get(key) ??
        this.compile([...all, ...chosen.flatMap((indices, union) => indices.map(index => unions[union]![index]!))])
      made.set(key, pruning)
      return pruning(value)
    }
    const discriminator = unions.length === 1 ? discriminatorOf(unions[0]!, this.#root) : undefined
    return value => {
      if (typeof value !== 'object' || value === null) return value
      const index = discriminator?.branchOf.get((value as JsonSchema)[discriminator.name])
      return index === undefined ? several(value) : single[0]![index]!(value)
    }
  }

  #choice(branches: readonly JsonSchema[]): (value: unknown) => readonly number[] {
    const matches = branches.map(branch => compileMatch(branch, this.#root, this.#matches))
    const every = branches.map((_, index) => index)
    return value => {
      const fitting = every.filter(index => matches[index]!(value))
      return fitting.length === 0 ? every : fitting
    }
  }

  #plan(parts: readonly JsonSchema[]): Pruning {
    const objects = this.#objectPlan(parts)
    const arrays = this.#arrayPlan(parts)
    if (objects === undefined && arrays === undefined) return KEEP
    return value => {
      if (typeof value !== 'object' || value === null) return value
      if (Array.isArray(value)) return arrays === undefined ? value : pruneArray(value, arrays)
      return objects === undefined ? value : pruneObject(value as JsonSchema, objects)
    }
  }

  #objectPlan(parts: readonly JsonSchema[]): ObjectPlan | undefined {
    if (parts.every(isOpen) || !parts.some(saysWhich)) return undefined
    const properties = new Map<string, Pruning>()
    for (const name of new Set(parts.flatMap(part => Object.keys(asJsonSchema(part['properties']) ?? {}))))
      properties.set(
        name,
        this.compile(
          parts.map(part => propertyOf(part, name) ?? othersOf(part)).filter(schema => schema !== undefined),
        ),
      )
    const rest = parts.map(othersOf).filter(schema => schema !== undefined)
    const others = rest.length === 0 ? undefined : this.compile(rest)
    if (others === KEEP && [...properties.values()].every(pruning => pruning === KEEP)) return undefined
    const patterns = parts.flatMap(part => Object.entries(asJsonSchema(part['patternProperties']) ?? {}))
    return {
      properties,
      patterns: patterns.map(([pattern, schema]) => [
        regExp(pattern),
        this.compile([asJsonSchema(schema) ?? ANYTHING]),
      ]),
      others,
    }
  }

  #arrayPlan(parts: readonly JsonSchema[]): ArrayPlan | undefined {
    const items = schemasIn(parts, 'items')
    const prefix = prefixItemsIn(parts).map(schemas => this.compile(schemas))
    const rest = items.length === 0 ? KEEP : this.compile(items)
    return rest === KEEP && prefix.every(pruning => pruning === KEEP) ? undefined : { prefix, rest }
  }
}

/** One constant, so that anything it is part of is recognised as the same. */
const ANYTHING: JsonSchema = {}

const ABOUT_PROPERTIES = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'required',
  'anyOf',
  'oneOf',
  'allOf',
]

/** A schema that says nothing about properties: an `unknown`, or any object. */
const isOpen = (part: JsonSchema) => !ABOUT_PROPERTIES.some(keyword => keyword in part)

/** A schema that says which properties there are. */
const saysWhich = (part: JsonSchema) =>
  ['properties', 'patternProperties', 'additionalProperties'].some(keyword => keyword in part)

function propertyOf(part: JsonSchema, name: string): JsonSchema | undefined {
  const properties = asJsonSchema(part['properties']) ?? {}
  return Object.hasOwn(properties, name) ? (asJsonSchema(properties[name]) ?? ANYTHING) : undefined
}

/** The schema of a part's undeclared properties. */
const othersOf = (part: JsonSchema): JsonSchema | undefined =>
  isOpen(part) ? ANYTHING : asJsonSchema(part['additionalProperties'])

/**
 * What a schema says beside its unions and `allOf`, which are pruned separately; empty where it was only their shell.
 */
function withoutUnions(schema: JsonSchema): JsonSchema[] {
  const { anyOf: _, oneOf: __, allOf: ___, ...rest } = schema
  if (isOpen(schema)) return [schema]
  return ['items', 'prefixItems', ...ABOUT_PROPERTIES].some(keyword => keyword in rest) ? [rest] : []
}

/** JSON Schema's patterns are Unicode patterns, but some libraries write others. */
function regExp(pattern: string): RegExp {
  try {
    // pattern: the schema's own
    return new RegExp(pattern, 'u')
  } catch {
    // pattern: the schema's own
    return new RegExp(pattern)
  }
}
