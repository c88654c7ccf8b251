import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import { allDependencies } from '../operation/compiled/compiled-dependency.ts'
import { capital } from '../operation/compiled/identifier.ts'
import { summaryFrom } from '../operation/compiled/summary-from.ts'
import { mayBeMissing } from '../schema/libraries/may-be-missing.ts'
import type { Components } from './components.ts'
import { createParameters } from './create-parameters.ts'
import { createRequestBody } from './create-request-body.ts'
import { createResponse } from './create-response.ts'
import { definedMembers } from './defined-members.ts'
import type { CallbackObject, OperationObject } from './objects/operation-object.ts'
import { OPERATION_SIDES, type Place, reverseSides, type Sides } from './place.ts'

/** The callbacks of an operation, each under its own name, seen from the sides of that operation. */
export function createCallbacks(
  callbacks: readonly CompiledCallback[],
  sides: Sides,
  components: Components,
  owner: Place,
): Record<string, CallbackObject> | undefined {
  if (callbacks.length === 0) return undefined
  const entries = callbacks.map(callback => {
    const operation = createCallbackOperation(callback, reverseSides(sides), components, owner)
    return [callback.name, { [callback.url]: { [callback.method]: operation } }] as const
  })
  return Object.fromEntries(entries)
}

function createCallbackOperation(
  callback: CompiledCallback,
  sides: Sides,
  components: Components,
  owner: Place,
): OperationObject {
  const { options, operationId } = callback
  const place = { words: `the callback "${callback.name}" of ${owner.words}`, name: capital(operationId) }
  components.claimOperationId(operationId, place)
  const requirements = allDependencies(callback.dependencies).flatMap(({ security }) => security ?? [])
  const parameters = callbackParameters(callback, sides, components, place)
  return definedMembers({
    tags: options.tags === undefined ? undefined : [...options.tags],
    summary: options.summary ?? summaryFrom(callback.name),
    description: callbackDescription(callback, sides, components),
    operationId,
    parameters: parameters.length === 0 ? undefined : parameters,
    requestBody: callbackBody(callback, sides, components, place),
    responses: callbackResponses(callback, sides, components, place),
    callbacks: createCallbacks(callback.callbacks, sides, components, place),
    deprecated: options.deprecated === true ? true : undefined,
    security: components.security.require(requirements, place),
  })
}

function callbackBody({ body }: CompiledCallback, sides: Sides, components: Components, place: Place) {
  if (body === undefined) return undefined
  const at = { words: `"body" of ${place.words}`, name: `${place.name}Body` }
  return createRequestBody(components.schemas.schema(body, sides.request, at), mayBeMissing(body, sides.request))
}

/** In a callback of a callback a receiver sends to us. */
const isSentByUs = (sides: Sides): boolean => sides.request !== OPERATION_SIDES.request

/** The author's own words, then what holds for all that we send. */
function callbackDescription(callback: CompiledCallback, sides: Sides, components: Components): string | undefined {
  const { description } = callback.options
  if (!isSentByUs(sides)) return description
  return [description, components.receivingNote(callback)].filter(part => part).join('\n\n')
}

/** What we send carries our headers; what a receiver sends back is its own affair. */
function callbackParameters({ parameters }: CompiledCallback, sides: Sides, components: Components, place: Place) {
  return [
    ...(isSentByUs(sides) ? components.webhookHeaders() : []),
    ...createParameters(parameters, sides.request, components, place),
  ]
}

function callbackResponses({ answers }: CompiledCallback, sides: Sides, components: Components, place: Place) {
  return Object.fromEntries(
    answers.map(answer => [
      answer.key,
      createResponse({ ...answer, status: answer.key }, sides.response, components, place),
    ]),
  )
}
