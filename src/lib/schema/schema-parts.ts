import { asJsonSchema, type JsonSchema, resolveReference, schemasUnder } from './json-schema.ts'

/** The parts of a schema once references and `allOf` are opened. */
export interface SchemaParts {
  /** The schemas that all apply. */
  readonly all: readonly JsonSchema[]
  /** The branches of each union in them. */
  readonly unions: readonly (readonly JsonSchema[])[]
}

/** Opens the references and `allOf` of schemas that apply together. */
export function partsOf(schemas: readonly JsonSchema[], root: JsonSchema): SchemaParts {
  const all = new Set<JsonSchema>()
  const open = [...schemas]
  // Grows during the loop.
  for (const next of open) {
    const here = resolveReference(next, root)
    if (all.has(here)) continue
    all.add(here)
    for (const inner of schemasUnder(here, 'allOf')) open.push(inner)
  }
  const unions = [...all].flatMap(here => [schemasUnder(here, 'anyOf'), schemasUnder(here, 'oneOf')])
  return { all: [...all], unions: unions.filter(branches => branches.length > 0) }
}

/** All schemas that may apply to a value: `partsOf`, and the branches of unions to any depth. */
export function possiblePartsOf(schemas: readonly JsonSchema[], root: JsonSchema): JsonSchema[] {
  const found = new Set<JsonSchema>()
  const open = [...schemas]
  for (const next of open) {
    const { all, unions } = partsOf([next], root)
    for (const part of all) {
      if (found.has(part)) continue
      found.add(part)
      for (const branches of unions) for (const branch of branches) open.push(branch)
    }
  }
  return [...found]
}

/** The properties that any of the parts declares, each with all its schemas. */
export function propertiesIn(parts: readonly JsonSchema[]): Map<string, JsonSchema[]> {
  const declared = new Map<string, JsonSchema[]>()
  for (const part of parts)
    for (const [name, schema] of Object.entries(asJsonSchema(part['properties']) ?? {}))
      declared.set(name, [...(declared.get(name) ?? []), asJsonSchema(schema) ?? {}])
  return declared
}

/** The schemas of the parts under a keyword with one schema, such as `additionalProperties`. */
export const schemasIn = (parts: readonly JsonSchema[], keyword: string): JsonSchema[] =>
  parts.map(part => asJsonSchema(part[keyword])).filter(schema => schema !== undefined)

/** Whether the part says something about undeclared properties. */
export const saysOthers = (part: JsonSchema): boolean => 'additionalProperties' in part || 'patternProperties' in part

/** The schemas of the parts for undeclared properties. */
export const othersIn = (parts: readonly JsonSchema[]): JsonSchema[] => [
  ...schemasIn(parts, 'additionalProperties'),
  ...parts.flatMap(part => Object.values(asJsonSchema(part['patternProperties']) ?? {})).filter(isSchema),
]

const isSchema = (value: unknown): value is JsonSchema => asJsonSchema(value) !== undefined

/** The schemas of the first items of an array, one by one; `items` is for the others. */
export function prefixItemsIn(parts: readonly JsonSchema[]): JsonSchema[][] {
  const prefixes = parts.map(part => schemasUnder(part, 'prefixItems'))
  const length = Math.max(0, ...prefixes.map(prefix => prefix.length))
  return Array.from({ length }, (_, index) =>
    parts
      .map((part, number) => prefixes[number]?.[index] ?? asJsonSchema(part['items']))
      .filter(schema => schema !== undefined),
  )
}

/** Compiles one thing for each set of schemas, so that recursive schemas come to an end. */
export class SchemaSetCache<T> {
  readonly #root: JsonSchema
  readonly #numbers = new Map<JsonSchema, number>()
  readonly #made = new Map<string, T>()

  constructor(root: JsonSchema) {
    this.#root = root
  }

  /** What was made for the same schemas, or undefined; `remember` keeps it. */
  find(schemas: readonly JsonSchema[]): { readonly known: T | undefined; remember(made: T): T } {
    const key = this.keyOf(schemas)
    return {
      known: this.#made.get(key),
      remember: made => {
        this.#made.set(key, made)
        return made
      },
    }
  }

  /** One text for each set of schemas. */
  keyOf(schemas: readonly JsonSchema[]): string {
    const numbers = new Set(schemas.map(schema => this.#numberOf(resolveReference(schema, this.#root))))
    return [...numbers].sort((a, b) => a - b).join()
  }

  #numberOf(schema: JsonSchema): number {
    const number = this.#numbers.get(schema) ?? this.#numbers.size
    this.#numbers.set(schema, number)
    return number
  }
}
