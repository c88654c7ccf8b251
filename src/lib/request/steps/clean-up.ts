import type { RequestRun } from '../request-run.ts'

/** Cleans up the dependencies with the handler's scope, then makes the held deliveries due. */
export function cleanUp({ generators, deliveries }: RequestRun): undefined | Promise<void> {
  if (generators === undefined || generators.handler.empty) return undefined
  return generators.handler.close().then(() => deliveries?.makeDue())
}
