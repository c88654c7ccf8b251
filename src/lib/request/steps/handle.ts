import type { OperationRun } from '../operation-run.ts'

/** Calls the handler. */
export function handle(run: OperationRun): unknown {
  const { operation, context, chosen } = run
  if ((chosen ?? operation.responses[0]!).stream !== undefined) context['~endsWithStream']()
  return operation.handler(context)
}
