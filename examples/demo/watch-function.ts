import { Session } from 'node:inspector/promises'

/**
 * Watches a function by V8's own coverage counters, so that its program needs no change. Gives a function that says
 * whether it has run since the last call.
 */
export async function watchFunction(name: string): Promise<() => Promise<boolean>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  return async () => {
    // Reading the counters resets them. An async function counts once more for each "await" in it.
    const { result } = await session.post('Profiler.takePreciseCoverage')
    const functions = result.flatMap(script => script.functions)
    return functions.some(({ functionName, ranges }) => functionName === name && (ranges[0]?.count ?? 0) > 0)
  }
}
