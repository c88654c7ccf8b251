/**
 * The required scopes, by the name of the security scheme (OpenAPI 3.1.1, "Security Requirement Object").
 *
 * @example
 * ```ts
 * import type { SecurityRequirementObject } from 'ringback/openapi'
 *
 * const requirement: SecurityRequirementObject = { bearer: [], oauth2: ['invoices:read'] }
 * console.log(Object.keys(requirement)) // [ 'bearer', 'oauth2' ]
 * ```
 */
export type SecurityRequirementObject = Record<string, string[]>
