import type { JsonSchema } from '../../schema/json-schema.ts'
import type { SchemaObject } from '../objects/schema-object.ts'
import { ANNOTATIONS } from './annotations.ts'
import { mapSubschemas } from './map-subschemas.ts'

/** A copy of a schema without its `$defs`, in which each reference into its own root has become what `onReference` gives for it. */
export function mapSchema(schema: JsonSchema, onReference: (reference: string) => SchemaObject): SchemaObject {
  const { $ref: reference, $defs: _, ...rest } = schema
  const map = (inner: JsonSchema | boolean) => (typeof inner === 'boolean' ? inner : mapSchema(inner, onReference))
  const mapped: SchemaObject = {}
  for (const [keyword, value] of Object.entries(rest)) mapped[keyword] = mapSubschemas(keyword, value, map)
  if (typeof reference !== 'string') return mapped
  if (!reference.startsWith('#')) return { $ref: reference, ...mapped }
  return joined(onReference(reference), mapped)
}

/** Both must hold: side by side where no keyword of one touches the other, else under `allOf`. */
function joined(target: SchemaObject, siblings: SchemaObject): SchemaObject {
  if (Object.keys(siblings).length === 0) return target
  const annotations = Object.keys(siblings).every(keyword => ANNOTATIONS.has(keyword))
  if ('$ref' in target || annotations) return Object.assign(target, siblings)
  return { allOf: [target], ...siblings }
}
