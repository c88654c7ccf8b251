import type { Log } from '../log/log.ts'
import type { OperationList } from './operation-list.ts'

/** Warns once for each operation that sends without a recipient, although it knows the caller. */
export function recipientWarnings(operations: OperationList, log: Log): (operationId: string) => void {
  const warned = new Set<string>()
  return operationId => {
    if (warned.has(operationId)) return
    warned.add(operationId)
    // Callers that can be told apart should be: otherwise one caller's URL gets the same signatures as another's.
    if (operations.byId(operationId)?.allDependencies.some(({ security }) => security.length > 0))
      log.warn(
        'A callback is sent without a recipient although its operation knows the caller: another caller who gives the same URL can have messages sent there with the same signature; set "delivery.recipient", or pass "recipient" to "send"',
        { operation: operationId },
      )
  }
}
