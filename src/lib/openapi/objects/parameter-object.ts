import type { ParameterLocation } from '../../operation/compiled/parameter-group.ts'
import type { SchemaObject } from './schema-object.ts'

/**
 * One parameter (OpenAPI 3.1.1, "Parameter Object").
 *
 * @example
 * ```ts
 * import type { ParameterObject } from 'ringback/openapi'
 *
 * const limit: ParameterObject = { name: 'limit', in: 'query', schema: { type: 'integer', default: 20 } }
 * console.log(limit.in) // query
 * ```
 */
export interface ParameterObject {
  name: string
  in: ParameterLocation
  description?: string
  required?: boolean
  deprecated?: boolean
  style?: 'deepObject' | 'form'
  explode?: boolean
  schema?: SchemaObject
}
