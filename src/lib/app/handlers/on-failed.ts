import type { FailedDelivery, OnFailed } from '../../delivery/handlers/on-failed.ts'
import type { Log } from '../../log/log.ts'
import type { OperationList } from '../operation-list.ts'
import { callbackOf, webhookOf } from './callback-of.ts'

/** Makes the function that calls the `onFailed` of a delivery's callback, and that of the application. */
export function onFailedOf(operations: OperationList, log: Log, ofApp: OnFailed | undefined): OnFailed {
  return async delivery => {
    // Both, whatever the other one does; where one throws, both are called again.
    const called = await Promise.allSettled([
      Promise.try(() => ofCallback(delivery, operations, log)?.(delivery)),
      Promise.try(() => ofApp?.(delivery)),
    ])
    for (const result of called) if (result.status === 'rejected') throw result.reason
  }
}

function ofCallback(delivery: FailedDelivery, operations: OperationList, log: Log): OnFailed | undefined {
  // Webhooks have none: `endpoints` of the application tells how endpoints are doing.
  if (webhookOf(delivery, operations) !== undefined) return undefined
  const known = callbackOf(delivery, operations)
  if (known !== undefined) return known.options.onFailed
  const fields = { delivery: delivery.id, operation: delivery.operation, callback: delivery.callback }
  log.warn(
    'A delivery failed whose callback the code no longer has; its "onFailed", if it had one, was not called',
    fields,
  )
  return undefined
}
