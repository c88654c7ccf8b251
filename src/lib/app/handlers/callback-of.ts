import type { CompiledCallback } from '../../operation/compiled/compiled-callback.ts'
import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import type { OperationList } from '../operation-list.ts'

/** The webhook that a delivery was sent by: it has no operation. */
export function webhookOf(
  { operation, callback }: { readonly operation: string; readonly callback: string },
  operations: OperationList,
): CompiledWebhook | undefined {
  return operation === '' ? operations.webhooks.byName(callback) : undefined
}

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
