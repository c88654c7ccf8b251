import type { RequestRun } from '../request-run.ts'

/** Cleans up what lived for the handler; what waited for it in the store goes out. */
export function cleanUp({ generators, deliveries }: RequestRun): undefined | Promise<void> {
  if (generators === undefined || generators.handler.empty) return undefined
  return generators.handler.close().then(() => deliveries?.makeDue())
}
