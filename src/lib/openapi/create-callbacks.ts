import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import { capital } from '../operation/compiled/identifier.ts'
import type { Components } from './components.ts'
import { createMessage } from './create-message.ts'
import { definedMembers } from './defined-members.ts'
import type { CallbackObject, OperationObject } from './objects/operation-object.ts'
import { type Place, reverseSides, type Sides } from './place.ts'

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
  const { operationId } = callback
  const place = { words: `the callback "${callback.name}" of ${owner.words}`, name: capital(operationId) }
  components.claimOperationId(operationId, place)
  return definedMembers({
    ...createMessage(callback, sides, components, place),
    operationId,
    callbacks: createCallbacks(callback.callbacks, sides, components, place),
  })
}
