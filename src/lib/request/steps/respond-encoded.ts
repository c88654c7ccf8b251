import type { OperationRun } from '../operation-run.ts'

/** Hands over the response, and cleans up the dependencies with its scope once it has been sent. */
export function respondEncoded(run: OperationRun): undefined {
  run.response = run.handedOver(run.encoded!.response)
  const { generators, items, runtime, view } = run
  if (generators === undefined || generators.response.empty) return
  // The items may use these dependencies until they have ended.
  runtime.tasks.add(async () => {
    await items?.finished
    await generators.response.close()
  }, view)
}
