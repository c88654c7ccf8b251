import type { HeaderObject } from './header-object.ts'
import type { MediaTypeObject } from './media-type-object.ts'

/**
 * One response (OpenAPI 3.1.1, "Response Object").
 *
 * @example
 * ```ts
 * import type { ResponseObject } from 'ringback/openapi'
 *
 * const created: ResponseObject = { description: 'The invoice was created' }
 * console.log(created.description)
 * ```
 */
export interface ResponseObject {
  description: string
  headers?: Record<string, HeaderObject>
  content?: Record<string, MediaTypeObject>
}
