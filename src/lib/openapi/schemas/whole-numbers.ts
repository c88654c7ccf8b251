import type { SchemaObject } from '../objects/schema-object.ts'

/** Whole constants become integers, and integers that may not fit into 32 bits say so. */
export function wholeNumbers(schema: SchemaObject): SchemaObject {
  const constants = 'const' in schema ? [schema.const] : schema.enum
  const values: readonly unknown[] | undefined = Array.isArray(constants) ? constants : undefined
  if (schema.type === 'number' && values?.every(Number.isInteger)) schema.type = 'integer'
  if (![schema.type].flat().includes('integer') || schema.format !== undefined) return schema
  if (!(values?.every(isShort) ?? isShortRange(schema))) schema.format = 'int64'
  return schema
}

const isShort = (value: unknown): boolean => typeof value !== 'number' || (value >= -(2 ** 31) && value < 2 ** 31)

/** Exclusive bounds may be one further out. */
function isShortRange({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: SchemaObject): boolean {
  const hasLeast = Number(minimum) >= -(2 ** 31) || Number(exclusiveMinimum) >= -(2 ** 31) - 1
  const hasMost = Number(maximum) < 2 ** 31 || Number(exclusiveMaximum) <= 2 ** 31
  return hasLeast && hasMost
}
