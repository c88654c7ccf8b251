import { LateCallback } from '../callback/late-callback.ts'
import type { AnyResponse } from '../http/request-view.ts'
import { isThenable } from '../is-thenable.ts'
import type { RequestRun } from './request-run.ts'

/**
 * A step of a request. It gets the awaited result of the step before it, and gives a promise only where it has to wait.
 */
export type Step<Run> = (run: Run, given: unknown) => unknown

/**
 * Takes one step after the other, until one has made the response. Throws whatever goes wrong; then nothing was stored,
 * and open dependencies are cleaned up.
 */
export function takeSteps<Run extends RequestRun>(
  run: Run,
  steps: readonly Step<Run>[],
): Promise<AnyResponse | undefined> {
  if (run.deliveries === undefined) return take(run, steps)
  return run.runtime.delivery.current.run(run.deliveries, take<Run>, run, steps)
}

async function take<Run extends RequestRun>(run: Run, steps: readonly Step<Run>[]): Promise<AnyResponse | undefined> {
  try {
    let given: unknown
    for (const step of steps) {
      given = step(run, given)
      if (isThenable(given)) given = await given
      if (run.response !== undefined) break
    }
    return run.response
  } catch (thrown) {
    // Not waited for: an item that never comes would hold up the response.
    run.items?.return().catch(() => {})
    await forgetSends(run)
    throw await closedWith(thrown, run)
  }
}

/** What the request sent would report something that has not happened. */
async function forgetSends({ callbacks = {}, deliveries }: RequestRun): Promise<void> {
  for (const callback of Object.values(callbacks)) if (callback instanceof LateCallback) callback.discard()
  deliveries?.discard()
  await deliveries?.takeBack()
}

/** Lets the generators see the error; one of them may replace it. */
async function closedWith(thrown: unknown, { generators, runtime }: RequestRun): Promise<unknown> {
  if (generators === undefined) return thrown
  let current = thrown
  for (const open of [generators.handler, generators.response])
    await open.close({ thrown: current }).catch((other: unknown) => {
      current = other
    })
  if (current !== thrown) runtime.log.debug('A dependency replaced an error', { error: thrown })
  return current
}
