import { isThenable } from '../../is-thenable.ts'
import type { OperationRun } from '../operation-run.ts'

/** Calls the handler. */
export function handle(run: OperationRun): undefined | Promise<void> {
  const returned = run.operation.handler(run.context)
  if (isThenable(returned)) return settle(run, returned)
  run.returned = returned
  return undefined
}

async function settle(run: OperationRun, returned: PromiseLike<unknown>): Promise<void> {
  run.returned = await returned
}
