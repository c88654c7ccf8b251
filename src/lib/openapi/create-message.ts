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
import { OPERATION_SIDES, type Place, type Sides } from './place.ts'

/** A message as an operation of its receiver, wherever it goes. */
export function createMessage(
  message: CompiledMessage,
  sides: Sides,
  components: Components,
  place: Place,
): OperationObject {
  const { name, options, dependencies } = message
  const requirements = allDependencies(dependencies).flatMap(({ security }) => security)
  const parameters = messageParameters(message, sides, components, place)
  return definedMembers({
    tags: options.tags === undefined ? undefined : [...options.tags],
    summary: options.summary ?? summaryFrom(name),
    description: messageDescription(message, sides, components),
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

/** In a callback of a callback a receiver sends to us. */
const isSentByUs = (sides: Sides): boolean => sides.request !== OPERATION_SIDES.request

/** The author's own words, then what holds for all that we send. */
function messageDescription(message: CompiledMessage, sides: Sides, components: Components): string | undefined {
  const { description } = message.options
  if (!isSentByUs(sides)) return description
  return [description, components.receiving.note(message)].filter(part => part).join('\n\n')
}

/** What we send carries our headers; what a receiver sends back is its own affair. */
function messageParameters({ parameters }: CompiledMessage, sides: Sides, components: Components, place: Place) {
  return [
    ...(isSentByUs(sides) ? components.webhookHeaders() : []),
    ...createParameters(parameters, sides.request, components, place),
  ]
}

/** The responses that are declared, and the statuses with which a receiver ends a delivery of ours. */
function messageResponses(message: CompiledMessage, sides: Sides, components: Components, place: Place) {
  const declared = message.responses.map(
    response => [response.status, createResponse(response, sides.response, components, place)] as const,
  )
  const final = isSentByUs(sides) ? components.receiving.finalStatuses(message) : []
  return Object.fromEntries([...final.map(key => [key, { description: FINAL }] as const), ...declared])
}

const FINAL = 'Ends the delivery: the request is not sent again'
