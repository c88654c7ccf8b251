import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import { capital } from '../operation/compiled/identifier.ts'
import type { Components } from './components.ts'
import { createMessage } from './create-message.ts'
import { definedMembers } from './defined-members.ts'
import { mergeDeep } from './merge-deep.ts'
import type { CallbackObject, OperationObject } from './objects/operation-object.ts'
import type { ResponseObject } from './objects/response-object.ts'
import { OPERATION_SIDES, type Place, reverseSides, type Sides } from './place.ts'

/** The callbacks of an operation, each under its own name, described from the operation's point of view. */
export function createCallbacks(
  callbacks: readonly CompiledCallback[],
  sides: Sides,
  components: Components,
  owner: Place,
): Record<string, CallbackObject> | undefined {
  const documented = callbacks.filter(({ options }) => options.documented ?? true)
  if (documented.length === 0) return undefined
  const entries = documented.map(callback => {
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
  const { operationId, options } = callback
  const place = { words: `the callback "${callback.name}" of ${owner.words}`, name: capital(operationId) }
  components.claimOperationId(operationId, place)
  const message = createMessage(callback, sides, components, place)
  const object = definedMembers({
    ...(isSentByUs(sides) ? asDelivered(message, callback, components) : message),
    operationId,
    callbacks: createCallbacks(callback.callbacks, sides, components, place),
  })
  return options.openapi === undefined ? object : mergeDeep(object, structuredClone(options.openapi))
}

/** In a callback of a callback the receiver sends to us, so what it sends is not ours to describe. */
const isSentByUs = (sides: Sides): boolean => sides.request !== OPERATION_SIDES.request

/**
 * Adds what applies to everything we deliver: our headers, the note for receivers, and the statuses that end a
 * delivery.
 */
function asDelivered(object: OperationObject, callback: CompiledCallback, components: Components): OperationObject {
  const { description, parameters = [], responses } = object
  const final = components.receiving.finalStatuses(callback)
  return {
    ...object,
    description: [description, components.receiving.note(callback)].filter(part => part).join('\n\n'),
    parameters: [...components.webhookHeaders('webhook-id'), ...parameters],
    responses: { ...finalResponses(final), ...responses },
  }
}

/** The responses that end a delivery. */
export const finalResponses = (statuses: readonly string[]): Record<string, ResponseObject> =>
  Object.fromEntries(statuses.map(status => [status, { description: FINAL }]))

const FINAL = 'Ends the delivery: the request is not sent again'
