/**
 * Where the API is served (OpenAPI 3.1.1, "Server Object").
 *
 * @example
 * ```ts
 * import type { ServerObject } from 'ringback/openapi'
 *
 * const server: ServerObject = { url: 'https://api.example.com', description: 'Production' }
 * console.log(server.url)
 * ```
 */
export interface ServerObject {
  url: string
  description?: string
  variables?: Record<string, { enum?: string[]; default: string; description?: string }>
}
