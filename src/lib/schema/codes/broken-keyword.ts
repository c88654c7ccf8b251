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
export function brokenKeyword(schema: JsonSchema, value: unknown): ValidationCode | undefined {
  const { enum: values, type } = schema
  if (Array.isArray(values) && !values.includes(value)) return 'enum'
  if ('const' in schema && schema['const'] !== value) return 'enum'
  if (typeof value === 'number' && isWhole(type) && !Number.isInteger(value)) return 'type'
  const [rules, measured] = measure(value)
  for (const [keyword, breaks] of rules) {
    const limit = schema[keyword]
    if (typeof limit === 'number' && breaks(measured, limit)) return keyword
  }
  return unseen(schema, value)
}

const isWhole = (type: unknown): boolean =>
  Array.isArray(type) ? type.includes('integer') && !type.includes('number') : type === 'integer'

function measure(value: unknown): [rules: typeof OF_NUMBERS, measured: number] {
  switch (typeOfValue(value)) {
    case 'number':
      return [OF_NUMBERS, value as number]
    case 'string':
      return [OF_LENGTHS, (value as string).length]
    case 'array':
      return [OF_ITEMS, (value as readonly unknown[]).length]
    case 'object':
      return [OF_PROPERTIES, Object.keys(value as object).length]
    default:
      return [[], 0]
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
