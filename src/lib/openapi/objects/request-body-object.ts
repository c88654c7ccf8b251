import type { MediaTypeObject } from './media-type-object.ts'

/**
 * The body of a request (OpenAPI 3.1.1, "Request Body Object").
 *
 * @example
 * ```ts
 * import type { RequestBodyObject } from 'ringback/openapi'
 *
 * const body: RequestBodyObject = { required: true, content: { 'application/json': { schema: { type: 'string' } } } }
 * console.log(Object.keys(body.content)) // [ 'application/json' ]
 * ```
 */
export interface RequestBodyObject {
  description?: string
  content: Record<string, MediaTypeObject>
  required?: boolean
}
