import type { SocketRun } from './socket-run.ts'

/**
 * Ends what a handshake has opened: cleans up its dependencies, which see the error of the handler if there is one. The
 * errors of a clean-up are logged.
 */
export async function abandonSocket(run: SocketRun, failure?: { readonly thrown: unknown }): Promise<void> {
  const { generators, runtime, operation, view } = run
  run.leave()
  let current = failure
  for (const open of generators === undefined ? [] : [generators.handler, generators.response])
    await open.close(current).catch((thrown: unknown) => {
      if (thrown !== failure?.thrown)
        runtime.log.error('The clean-up behind a WebSocket failed', {
          requestId: view.requestId,
          operation: operation.operationId,
          error: thrown,
        })
      current = { thrown }
    })
}
