import { type JsonSchema, typeOfValue } from '../json-schema.ts'
import type { ValidationCode } from './validation-code.ts'

/** Says of a value of the right type whether it breaks a keyword; `limit` is the keyword's own value. */
type Breaks<V> = (value: V, limit: number) => boolean

const OF_NUMBERS: readonly (readonly [ValidationCode, Breaks<number>])[] = [
  ['minimum', (value, limit) => value < limit],
  ['exclusiveMinimum', (value, limit) => value <= limit],
  ['maximum', (value, limit) => value > limit],
  ['exclusiveMaximum', (value, limit) => value >= limit],
]
const OF_LENGTHS: readonly (readonly [ValidationCode, Breaks<number>])[] = [
  ['minLength', (length, limit) => length < limit],
  ['maxLength', (length, limit) => length > limit],
]
const OF_ITEMS: readonly (readonly [ValidationCode, Breaks<number>])[] = [
  ['minItems', (count, limit) => count < limit],
  ['maxItems', (count, limit) => count > limit],
]
const OF_PROPERTIES: readonly (readonly [ValidationCode, Breaks<number>])[] = [
  ['minProperties', (count, limit) => count < limit],
  ['maxProperties', (count, limit) => count > limit],
]

/**
 * The first keyword that a value breaks which its library has refused; undefined where the schema shows no reason. What
 * cannot be looked at here, such as a format, is taken to be the reason where nothing else is.
 */
export function brokenKeyword(schema: JsonSchema, { value, size, rules }: Measured): ValidationCode | undefined {
  const { enum: values, type } = schema
  if (Array.isArray(values) && !values.includes(value)) return 'enum'
  if ('const' in schema && schema['const'] !== value) return 'enum'
  if (typeof value === 'number' && isWhole(type) && !Number.isInteger(value)) return 'type'
  for (const [keyword, breaks] of rules) {
    const limit = schema[keyword]
    if (typeof limit === 'number' && breaks(size, limit)) return keyword
  }
  return unseen(schema, value)
}

const isWhole = (type: unknown): boolean =>
  Array.isArray(type) ? type.includes('integer') && !type.includes('number') : type === 'integer'

/** A value with its size, and the rules for that. */
export interface Measured {
  readonly value: unknown
  readonly size: number
  readonly rules: typeof OF_NUMBERS
}

/** Measures a value once for all schemas that it is compared with. */
export function measured(value: unknown): Measured {
  if (value instanceof Blob) return { value, size: value.size, rules: OF_LENGTHS }
  switch (typeOfValue(value)) {
    case 'number':
      return { value, size: value as number, rules: OF_NUMBERS }
    case 'string':
      return { value, size: (value as string).length, rules: OF_LENGTHS }
    case 'array':
      return { value, size: (value as readonly unknown[]).length, rules: OF_ITEMS }
    case 'object':
      return { value, size: Object.keys(value as object).length, rules: OF_PROPERTIES }
    default:
      return { value, size: 0, rules: [] }
  }
}

function unseen(schema: JsonSchema, value: unknown): ValidationCode | undefined {
  if (typeof value === 'string') {
    const { format, pattern } = schema
    if (pattern !== undefined && matches(String(pattern), value)) return undefined
    if (format !== undefined) return 'format'
    return pattern === undefined ? undefined : 'pattern'
  }
  if (typeof value === 'number') return 'multipleOf' in schema ? 'multipleOf' : undefined
  return Array.isArray(value) && schema['uniqueItems'] === true ? 'uniqueItems' : undefined
}

/** A longer text is not worth a second look. */
const MOST_CHARACTERS = 1_000

function matches(pattern: string, text: string): boolean {
  if (text.length > MOST_CHARACTERS) return false
  try {
    // pattern: the author's own, which the schema's library has run on this text before
    return new RegExp(pattern, 'u').test(text)
  } catch {
    return false
  }
}
