import type { CompiledCallback } from '../../operation/compiled/compiled-callback.ts'
import type { OperationList } from '../operation-list.ts'

/**
 * The callback that a delivery was sent by. An operation whose handler function has been renamed has another id. The name of
 * the callback decides then, if it is unique.
 */
export function callbackOf(
  { operation, callback }: { readonly operation: string; readonly callback: string },
  operations: OperationList,
): CompiledCallback | undefined {
  const known = operations.byId(operation)
  if (known === undefined) return operations.onlyCallback(callback)
  return known.callbacks.find(({ name }) => name === callback)
}
