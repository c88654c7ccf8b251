import type { CallbackData } from '../operation/bound-callback.ts'
import type { AnyCallbackOptions, CallbackDefinition } from '../operation/callback-definition.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import { CallbackDataError } from './callback-data-error.ts'

/** A callback on an operation. */
export interface AttachedCallback {
  readonly operationId: string
  readonly callback: CompiledCallback
}

/** The questions to an application's operations. */
export interface AttachedCallbacks {
  attached(definition: CallbackDefinition): readonly AttachedCallback[]
  hasCallbackId(id: string): boolean
  byId(operationId: string): CompiledOperation | undefined
}

/**
 * Where the definition that made the data is attached. One that is attached once is found by itself, whatever it is
 * called now; any other by operation and name, or by its `id`. Throws `CallbackDataError` where the data belongs to
 * another definition, or fits several.
 */
export function findAttached(
  definition: CallbackDefinition,
  data: CallbackData,
  operations: AttachedCallbacks,
): AttachedCallback {
  const all = operations.attached(definition)
  const exact = all.find(
    ({ operationId, callback }) => operationId === data.operation && callback.name === data.callback,
  )
  const { id } = definition.options as AnyCallbackOptions
  if (isOfAnother(definition, data, operations)) throw new CallbackDataError('the data belongs to another definition')
  if (exact !== undefined) return exact
  const [first, second] = all
  if (first === undefined)
    throw new CallbackDataError(
      'its definition is not on any operation: attach it, or give the definition that is attached',
    )
  if (second === undefined) return first
  const [here, another] = all.filter(({ operationId }) => operationId === data.operation)
  if (here !== undefined && another === undefined) return here
  const named = all.find(({ callback }) => callback.name === data.callback && callback.url === data.template)
  if (id !== undefined && id === data.id) return named ?? first
  throw new CallbackDataError(
    `its definition is on ${all.length} operations, and none of them is still "${data.operation}" with a callback "${data.callback}": restore that "operationId" and that key, or give the definition an "id" before you keep data`,
  )
}

function isOfAnother(definition: CallbackDefinition, data: CallbackData, operations: AttachedCallbacks): boolean {
  const { id } = definition.options as AnyCallbackOptions
  if (data.id !== undefined) {
    if (id === data.id) return false
    if (id !== undefined || operations.hasCallbackId(data.id)) return true
  }
  const named = operations.byId(data.operation)?.callbacks.find(({ name }) => name === data.callback)
  return named !== undefined && named.definition !== definition
}
