import { bindCallbacks } from '../../callback/bind-callbacks.ts'
import { checkedRecipient } from '../../callback/checked-recipient.ts'
import type { OperationRun } from '../operation-run.ts'
import { requestExchange } from '../request-exchange.ts'

/** Binds the callbacks of the operation to the request, and checks their URLs. */
export function bindRequestCallbacks(run: OperationRun): undefined {
  const { operation, deliveries, context, errors, runtime } = run
  if (deliveries === undefined || operation.callbacks.length === 0) {
    context.callbacks = NO_CALLBACKS
    return
  }
  const request = {
    operationId: runtime.operationPrefix + operation.operationId,
    exchange: requestExchange(run),
    // If parameters are wrong, a dependency that reads them has no value, and nothing will be sent.
    recipient: errors.length > 0 ? undefined : checkedRecipient(context['~recipient']),
    deliverer: deliveries,
    runtime: runtime.delivery,
  }
  run.callbacks = bindCallbacks(operation.callbacks, request, errors)
  context.callbacks = run.callbacks
}

const NO_CALLBACKS = Object.freeze({})
