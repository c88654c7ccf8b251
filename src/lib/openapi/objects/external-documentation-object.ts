/**
 * Documentation elsewhere (OpenAPI 3.1.1, "External Documentation Object").
 *
 * @example
 * ```ts
 * import type { ExternalDocumentationObject } from 'ringback/openapi'
 *
 * const more: ExternalDocumentationObject = { url: 'https://docs.example.com', description: 'The guide' }
 * console.log(more.url)
 * ```
 */
export interface ExternalDocumentationObject {
  url: string
  description?: string
}
