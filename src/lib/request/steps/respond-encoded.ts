import type { OperationRun } from '../operation-run.ts'

/** Gives the response away, and cleans up what lives for it once it has been sent. */
export function respondEncoded(run: OperationRun): undefined {
  run.response = run.encoded!.response
  const { generators, runtime, view } = run
  if (generators !== undefined && !generators.response.empty) runtime.tasks.add(() => generators.response.close(), view)
}
