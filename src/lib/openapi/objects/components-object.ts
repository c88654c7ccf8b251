import type { SecurityScheme } from '../../operation/security-scheme.ts'
import type { ParameterObject } from './parameter-object.ts'
import type { ResponseObject } from './response-object.ts'
import type { SchemaObject } from './schema-object.ts'

/**
 * The components that a document refers to by name (OpenAPI 3.1.1, "Components Object").
 *
 * @example
 * ```ts
 * import { type ComponentsObject, createDocument } from 'ringback/openapi'
 *
 * const document = createDocument([], { title: 'Invoices', version: '1.0.0' })
 * const components: ComponentsObject = document.components ?? {}
 * console.log(Object.keys(components)) // []
 * ```
 */
export interface ComponentsObject {
  schemas?: Record<string, SchemaObject>
  responses?: Record<string, ResponseObject>
  parameters?: Record<string, ParameterObject>
  securitySchemes?: Record<string, SecurityScheme>
}
