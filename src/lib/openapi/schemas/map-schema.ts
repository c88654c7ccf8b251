import { asJsonSchema, type JsonSchema } from '../../schema/json-schema.ts'
import { SUBSCHEMAS } from '../../schema/subschemas.ts'
import type { SchemaObject } from '../objects/schema-object.ts'
import { plainKeywords } from './plain-keywords.ts'

/**
 * A copy of a schema without its `$defs` and without what says nothing (see {@link plainKeywords}), in which each reference into its own root has become what `onReference`
 * gives for it.
 */
export function mapSchema(schema: JsonSchema, onReference: (reference: string) => SchemaObject): SchemaObject {
  const { $ref: reference, $defs: _, ...rest } = schema
  const mapped: SchemaObject = {}
  for (const [keyword, value] of Object.entries(rest)) mapped[keyword] = mapKeyword(keyword, value, onReference)
  plainKeywords(mapped)
  if (typeof reference !== 'string') return mapped
  if (!reference.startsWith('#')) return { $ref: reference, ...mapped }
  return joined(onReference(reference), mapped)
}

function mapKeyword(keyword: string, value: unknown, onReference: (reference: string) => SchemaObject): unknown {
  const map = (item: unknown): unknown => {
    const schema = asJsonSchema(item)
    return schema === undefined ? item : mapSchema(schema, onReference)
  }
  const form = Object.hasOwn(SUBSCHEMAS, keyword) ? SUBSCHEMAS[keyword] : undefined
  if (form === 'schema') return map(value)
  if (form === 'list' && Array.isArray(value)) return value.map(map)
  if (form === 'map')
    return Object.fromEntries(Object.entries(asJsonSchema(value) ?? {}).map(([name, item]) => [name, map(item)]))
  return structuredClone(value)
}

/** Both must hold: side by side where no keyword of one touches the other, else under `allOf`. */
function joined(target: SchemaObject, siblings: SchemaObject): SchemaObject {
  if (Object.keys(siblings).length === 0) return target
  const annotations = Object.keys(siblings).every(keyword => ANNOTATIONS.has(keyword))
  if ('$ref' in target || annotations) return Object.assign(target, siblings)
  return { allOf: [target], ...siblings }
}

const ANNOTATIONS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'deprecated',
  'examples',
  'readOnly',
  'writeOnly',
])
