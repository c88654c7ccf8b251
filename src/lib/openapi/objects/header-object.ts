import type { SchemaObject } from './schema-object.ts'

/**
 * A header of a response (OpenAPI 3.1.1, "Header Object").
 *
 * @example
 * ```ts
 * import type { HeaderObject } from 'ringback/openapi'
 *
 * const location: HeaderObject = { required: true, schema: { type: 'string', format: 'uri-reference' } }
 * console.log(location.required) // true
 * ```
 */
export interface HeaderObject {
  description?: string
  required?: boolean
  deprecated?: boolean
  schema?: SchemaObject
}
