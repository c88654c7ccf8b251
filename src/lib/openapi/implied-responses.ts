import { REDIRECTS } from '../http/redirects.ts'
import type { AnyDefinition } from '../operation/definition.ts'
import type { HeaderObject } from './objects/header-object.ts'
import type { ReferenceObject } from './objects/reference-object.ts'
import type { ResponseObject } from './objects/response-object.ts'

type ResponsesByStatus = Record<string, ResponseObject | ReferenceObject>

/** A redirect says where to go, declared or not. */
export function withLocation(response: ResponseObject, status: number): ResponseObject {
  if (!REDIRECTS.has(status)) return response
  const location: HeaderObject = {
    description: 'Where to go',
    required: true,
    schema: { type: 'string', format: 'uri-reference' },
  }
  return { ...response, headers: { location, ...response.headers } }
}

/** What a file adds to its operation: parts of it, and no content for a client that has it. */
export function addFileResponses(responses: ResponsesByStatus): void {
  const whole = responses['200']
  if (whole === undefined || !('content' in whole)) return
  responses['206'] ??= { ...structuredClone(whole), description: 'A part of the file, where "range" asks for one' }
  responses['304'] ??= { description: 'The client has the file already' }
}

/** An operation that says nothing of its response: the handler may return nothing, or a `Response` of its own. */
export const IMPLIED_SUCCESS = 'Success, without content or with what the handler responds itself'

/** Whether `openapi` of a definition describes what comes of success. */
export function hasSuccess({ openapi }: AnyDefinition): boolean {
  const responses: unknown = openapi?.['responses']
  return typeof responses === 'object' && responses !== null && Object.keys(responses).some(key => /^[23]/.test(key))
}
