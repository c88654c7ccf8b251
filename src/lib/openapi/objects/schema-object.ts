/**
 * A schema in a document (OpenAPI 3.1.1, "Schema Object"): JSON Schema of draft 2020-12.
 *
 * @example
 * ```ts
 * import type { SchemaObject } from 'ringback/openapi'
 *
 * const invoice: SchemaObject = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] }
 * console.log(invoice.type) // object
 * ```
 */
export interface SchemaObject {
  [keyword: string]: unknown
}
