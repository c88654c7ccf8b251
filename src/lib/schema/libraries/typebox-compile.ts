import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { isStackOverflow } from '../stack-overflow.ts'

/**
 * Compiles a schema. TypeBox makes one expression of it, which the engine cannot parse where a union has thousands of
 * branches. The branches of those are tried one by one, and constants are looked up together.
 */
export function compileTypeBox<const T extends TSchema>(schema: T): Validator<{}, T> {
  try {
    return Compile(schema)
  } catch (error) {
    if (!isStackOverflow(error)) throw error
  }
  const { useAcceleration } = Settings.Get()
  Settings.Set({ useAcceleration: false })
  try {
    return Compile(withEnums(schema) as T)
  } finally {
    Settings.Set({ useAcceleration })
  }
}

/** The schema with unions of constants as enumerations, and with all that TypeBox hides in it. */
function withEnums(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withEnums)
  if (typeof schema !== 'object' || schema === null) return schema
  const constants = constantsOf(schema)
  if (constants !== undefined) return { enum: constants }
  const properties = Object.getOwnPropertyDescriptors(schema) as Record<string, PropertyDescriptor>
  for (const property of Object.values(properties)) if ('value' in property) property.value = withEnums(property.value)
  return Object.create(Object.getPrototypeOf(schema) as object | null, properties)
}

function constantsOf(schema: { readonly anyOf?: unknown }): unknown[] | undefined {
  const { anyOf } = schema
  if (!Array.isArray(anyOf) || Object.keys(schema).length > 1) return undefined
  const constants = anyOf.flatMap(branch => (isConstant(branch) ? [branch.const] : []))
  return constants.length === anyOf.length ? constants : undefined
}

const isConstant = (branch: unknown): branch is { readonly const: unknown } =>
  typeof branch === 'object' &&
  branch !== null &&
  'const' in branch &&
  Object.keys(branch).every(keyword => keyword === 'const' || keyword === 'type')
