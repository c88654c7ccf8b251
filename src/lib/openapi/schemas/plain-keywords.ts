import { namesMediaTypes } from '../../schema/file-types.ts'
import { asJsonSchema } from '../../schema/json-schema.ts'
import type { SchemaObject } from '../objects/schema-object.ts'
import { FORMAT_PATTERNS } from './format-patterns.ts'

/**
 * Removes from one schema what libraries write for machines and what says nothing to a reader: a pattern that only
 * repeats the format beside it, and bounds that every JavaScript number is within. A page would use them for its
 * examples. Validation does not change.
 */
export function plainKeywords(schema: SchemaObject): SchemaObject {
  if (typeof schema.pattern === 'string') withoutKnownPattern(schema)
  if (Array.isArray(schema.allOf)) liftFormat(schema, schema.allOf)
  if (schema.format === 'binary') withoutSeveralTypes(schema)
  // Constants say all, and no generator makes one of a type of its own such as an id.
  if (schema.type === 'string' && ('const' in schema || 'enum' in schema)) delete schema.format
  if (schema.maximum === LAST_FLOAT && schema.minimum === -LAST_FLOAT) namePrecision(schema)
  if (LAST.has(schema.maximum)) delete schema.maximum
  if (typeof schema.minimum === 'number' && LAST.has(-schema.minimum)) delete schema.minimum
  return schema
}

/** A schema can name only one media type. Several, or ranges of them, go into the encoding of the field. */
function withoutSeveralTypes(schema: SchemaObject): void {
  if (namesMediaTypes(schema)) delete schema.anyOf
  if (String(schema.contentMediaType).includes('*')) delete schema.contentMediaType
}

const FORMATS: ReadonlyMap<string, string> = new Map(
  Object.entries(FORMAT_PATTERNS).flatMap(([format, patterns]) => patterns.map(pattern => [pattern, format])),
)

function withoutKnownPattern(schema: SchemaObject): void {
  if (schema.format !== undefined && FORMATS.get(String(schema.pattern)) === schema.format) delete schema.pattern
}

/** If a user adds a pattern, Zod lists both patterns and drops the format. */
function liftFormat(schema: SchemaObject, parts: readonly unknown[]): void {
  const patterns = parts.map(patternOnly)
  if (schema.pattern !== undefined || schema.format !== undefined || !patterns.every(pattern => pattern !== undefined))
    return
  const known = patterns.find(pattern => FORMATS.has(pattern))
  if (known === undefined) return
  const others = parts.filter((_, index) => patterns[index] !== known)
  schema.format = FORMATS.get(known)
  delete schema.allOf
  if (others.length === 1) Object.assign(schema, others[0])
  else if (others.length > 1) schema.allOf = others
}

function patternOnly(part: unknown): string | undefined {
  const { pattern, ...rest } = asJsonSchema(part) ?? {}
  return typeof pattern === 'string' && Object.keys(rest).length === 0 ? pattern : undefined
}

/** The bounds of a number of 32 bits have a name, which the languages that have such numbers know. */
function namePrecision(schema: SchemaObject): void {
  delete schema.minimum
  delete schema.maximum
  schema.format ??= 'float'
}

/** The largest number of 32 bits. */
const LAST_FLOAT = (2 - 2 ** -23) * 2 ** 127

const LAST: ReadonlySet<unknown> = new Set([Number.MAX_SAFE_INTEGER, Number.MAX_VALUE])
