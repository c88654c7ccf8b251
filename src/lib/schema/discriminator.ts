import { type JsonSchema, propertiesOf, resolveReference, typesOf } from './json-schema.ts'

/** The property that tells the branches of a union of objects apart. */
export interface Discriminator {
  readonly name: string
  /** The index of the branch that a value of the property stands for. */
  readonly branchOf: ReadonlyMap<unknown, number>
}

/** Finds the property that every branch requires with constants of its own, if there is one. */
export function discriminatorOf(branches: readonly JsonSchema[], root: JsonSchema): Discriminator | undefined {
  if (branches.length < 2) return undefined
  const constants = branches.map(branch => constantsOf(branch, root))
  for (const name of constants[0]?.keys() ?? []) {
    const branchOf = new Map<unknown, number>()
    let total = 0
    constants.forEach((properties, index) => {
      const values = properties.get(name) ?? []
      total += values.length > 0 ? values.length : Number.NaN
      for (const value of values) branchOf.set(value, index)
    })
    if (branchOf.size === total) return { name, branchOf }
  }
  return undefined
}

/** The required properties of an object schema that take constants only. */
export function constantsOf(schema: JsonSchema, root: JsonSchema): Map<string, readonly unknown[]> {
  const found = new Map<string, readonly unknown[]>()
  const types = typesOf(schema, root)
  if (types.size !== 1 || !types.has('object')) return found
  for (const [name, property] of propertiesOf(schema, root)) {
    const { const: constant, enum: values = constant === undefined ? undefined : [constant] } = resolveReference(
      property.schema,
      root,
    )
    if (property.required && Array.isArray(values)) found.set(name, values)
  }
  return found
}
