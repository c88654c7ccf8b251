import { LateCallback } from '../../callback/late-callback.ts'
import { isResponse } from '../../http/is-response.ts'
import type { OperationRun } from '../operation-run.ts'

/**
 * Stores what the request has sent, in one commit, before the response leaves. If a clean-up may still fail, the
 * deliveries are held until it has ended.
 */
export function storeDeliveries(run: OperationRun): undefined | Promise<unknown> {
  const { deliveries, generators, callbacks = {} } = run
  if (deliveries === undefined) return undefined
  const hold = generators?.handler.empty === false
  const late = Object.values(callbacks).filter(callback => callback instanceof LateCallback)
  if (late.length === 0) return deliveries.commit(hold)
  return resolveLate(late, run).then(() => deliveries.commit(hold))
}

async function resolveLate(late: readonly LateCallback[], { encoded }: OperationRun): Promise<void> {
  const { response, body } = encoded!
  const headers = isResponse(response) ? Object.fromEntries(response.headers) : response.headers
  for (const callback of late) await callback.resolve({ status: response.status, headers, body })
}
