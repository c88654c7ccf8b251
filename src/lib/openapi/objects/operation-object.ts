import type { Method } from '../../operation/responses.ts'
import type { ExternalDocumentationObject } from './external-documentation-object.ts'
import type { ParameterObject } from './parameter-object.ts'
import type { ReferenceObject } from './reference-object.ts'
import type { RequestBodyObject } from './request-body-object.ts'
import type { ResponseObject } from './response-object.ts'
import type { SecurityRequirementObject } from './security-requirement-object.ts'
import type { ServerObject } from './server-object.ts'

/**
 * One method of a path, or the request of a callback (OpenAPI 3.1.1, "Operation Object").
 *
 * @example
 * ```ts
 * import type { OperationObject } from 'ringback/openapi'
 *
 * const operation: OperationObject = { operationId: 'ping', responses: { 204: { description: 'Still here' } } }
 * console.log(operation.operationId) // ping
 * ```
 */
export interface OperationObject {
  tags?: string[]
  summary?: string
  description?: string
  externalDocs?: ExternalDocumentationObject
  operationId?: string
  parameters?: (ParameterObject | ReferenceObject)[]
  requestBody?: RequestBodyObject
  responses?: Record<string, ResponseObject | ReferenceObject>
  callbacks?: Record<string, CallbackObject>
  deprecated?: boolean
  security?: SecurityRequirementObject[]
  servers?: ServerObject[]
  [extension: `x-${string}`]: unknown
}

/**
 * The requests of one callback, by their URL with its runtime expressions (OpenAPI 3.1.1, "Callback Object").
 *
 * @example
 * ```ts
 * import type { CallbackObject } from 'ringback/openapi'
 *
 * const paid: CallbackObject = {
 *   '{$request.query.callback_url}': { post: { responses: { '2XX': { description: 'Received' } } } },
 * }
 * console.log(Object.keys(paid)) // [ '{$request.query.callback_url}' ]
 * ```
 */
export type CallbackObject = Record<string, PathItemObject>

/**
 * The operations of one path, by method (OpenAPI 3.1.1, "Path Item Object").
 *
 * @example
 * ```ts
 * import type { PathItemObject } from 'ringback/openapi'
 *
 * const item: PathItemObject = { get: { responses: { 204: { description: 'Still here' } } } }
 * console.log(Object.keys(item)) // [ 'get' ]
 * ```
 */
export type PathItemObject = { [M in Method]?: OperationObject }
