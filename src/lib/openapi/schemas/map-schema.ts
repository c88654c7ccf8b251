import type { JsonSchema } from '../../schema/json-schema.ts'
import type { SchemaObject } from '../objects/schema-object.ts'
import { ANNOTATIONS } from './annotations.ts'
import { mapSubschemas } from './map-subschemas.ts'

/** A copy of a schema without its `$defs`. `onReference` replaces each reference into the schema's own root. */
export function mapSchema(schema: JsonSchema, onReference: (reference: string) => SchemaObject): SchemaObject {
  const { $ref: reference, $defs: _, ...rest } = schema
  const map = (inner: JsonSchema | boolean) => (typeof inner === 'boolean' ? inner : mapSchema(inner, onReference))
  const mapped: SchemaObject = {}
  for (const [keyword, value] of Object.entries(rest)) mapped[keyword] = mapSubschemas(keyword, value, map)
  if (typeof reference !== 'string') return mapped
  if (!reference.startsWith('#')) return { $ref: reference, ...mapped }
  return joined(onReference(reference), mapped)
}

/** Both schemas must hold: they are merged if no keyword of one affects the other, else put under `allOf`. */
function joined(target: SchemaObject, siblings: SchemaObject): SchemaObject {
  if (Object.keys(siblings).length === 0) return target
  const annotations = Object.keys(siblings).every(keyword => ANNOTATIONS.has(keyword))
  if ('$ref' in target || annotations) return Object.assign(target, siblings)
  return { allOf: [target], ...siblings }
}
