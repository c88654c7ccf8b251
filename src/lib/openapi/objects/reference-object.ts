/**
 * A reference to a component (OpenAPI 3.1.1, "Reference Object").
 *
 * @example
 * ```ts
 * import type { ReferenceObject } from 'ringback/openapi'
 *
 * const reference: ReferenceObject = { $ref: '#/components/responses/ValidationProblem' }
 * console.log(reference.$ref)
 * ```
 */
export interface ReferenceObject {
  $ref: string
}
