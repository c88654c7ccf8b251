import type { OperationRun } from '../operation-run.ts'

/** Calls the handler. */
export const handle = (run: OperationRun): unknown => run.operation.handler(run.context)
