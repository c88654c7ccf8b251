import { allDependencies } from '../operation/compiled/compiled-dependency.ts'
import type { CompiledMessage } from '../operation/compiled/compiled-message.ts'
import { summaryFrom } from '../operation/compiled/summary-from.ts'
import { mayBeMissing } from '../schema/libraries/may-be-missing.ts'
import type { Components } from './components.ts'
import { createParameters } from './create-parameters.ts'
import { createResponse } from './create-response.ts'
import { definedMembers } from './defined-members.ts'
import type { OperationObject } from './objects/operation-object.ts'
import type { RequestBodyObject } from './objects/request-body-object.ts'
import type { Place, Sides } from './place.ts'

/** Describes a message as an operation of its receiver, wherever it is sent. */
export function createMessage(
  message: CompiledMessage,
  sides: Sides,
  components: Components,
  place: Place,
): OperationObject {
  const { name, options, dependencies } = message
  const requirements = allDependencies(dependencies).flatMap(({ security }) => security)
  const parameters = createParameters(message.parameters, sides.request, components, place)
  return definedMembers({
    tags: options.tags === undefined ? undefined : [...options.tags],
    summary: options.summary ?? summaryFrom(name),
    description: options.description,
    operationId: options.operationId,
    parameters: parameters.length === 0 ? undefined : parameters,
    requestBody: messageBody(message, sides, components, place),
    responses: messageResponses(message, sides, components, place),
    deprecated: options.deprecated === true ? true : undefined,
    security: components.security.require(requirements, place),
  })
}

function messageBody(
  { body, format }: CompiledMessage,
  sides: Sides,
  components: Components,
  place: Place,
): RequestBodyObject | undefined {
  if (body === undefined) return undefined
  const at = { words: `"body" of ${place.words}`, name: `${place.name}Body` }
  const schema = components.schemas.schema(body, sides.request, at)
  const content = { [format.mediaType]: format.describe(schema) }
  return mayBeMissing(body, sides.request) ? { content } : { required: true, content }
}

/** The declared responses. */
function messageResponses({ responses }: CompiledMessage, sides: Sides, components: Components, place: Place) {
  return Object.fromEntries(
    responses.map(response => [response.status, createResponse(response, sides.response, components, place)] as const),
  )
}
