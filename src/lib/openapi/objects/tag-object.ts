import type { ExternalDocumentationObject } from './external-documentation-object.ts'

/**
 * What a tag means (OpenAPI 3.1.1, "Tag Object").
 *
 * @example
 * ```ts
 * import type { TagObject } from 'ringback/openapi'
 *
 * const tag: TagObject = { name: 'invoices', description: 'What is owed' }
 * console.log(tag.name)
 * ```
 */
export interface TagObject {
  name: string
  description?: string
  externalDocs?: ExternalDocumentationObject
}
