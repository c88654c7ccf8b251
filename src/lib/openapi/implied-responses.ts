import { REDIRECTS } from '../http/redirects.ts'
import type { AnyDefinition } from '../operation/definition.ts'
import type { HeaderObject } from './objects/header-object.ts'
import type { ReferenceObject } from './objects/reference-object.ts'
import type { ResponseObject } from './objects/response-object.ts'

type ResponsesByStatus = Record<string, ResponseObject | ReferenceObject>

/** A redirect has a `location` header, whether it is declared or not. */
export function withLocation(response: ResponseObject, status: number): ResponseObject {
  if (!REDIRECTS.has(status)) return response
  const location: HeaderObject = {
    description: 'Where to go',
    required: true,
    schema: { type: 'string', format: 'uri-reference' },
  }
  return { ...response, headers: { location, ...response.headers } }
}

/**
 * Adds the responses that a file makes possible: ranges of it, and a response without content for a client that already
 * has it.
 */
export function addFileResponses(responses: ResponsesByStatus): void {
  const whole = responses['200']
  if (whole === undefined || !('content' in whole)) return
  responses['206'] ??= {
    ...structuredClone(whole),
    description: 'A part of the file, if the "range" header asks for one',
  }
  responses['304'] ??= { description: 'The client has the file already' }
}

/**
 * The description of success for an operation that declares no response: its handler may return nothing, or a
 * `Response` of its own.
 */
export const IMPLIED_SUCCESS = 'Success: no content, or whatever response the handler sends'

/** Whether the `openapi` of a definition describes a success. */
export function hasSuccess({ openapi }: AnyDefinition): boolean {
  const responses: unknown = openapi?.['responses']
  return typeof responses === 'object' && responses !== null && Object.keys(responses).some(key => /^[23]/.test(key))
}
