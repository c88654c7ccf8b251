import { abandonSocket } from './abandon-socket.ts'
import type { OpenSocket } from './open-socket.ts'
import type { SocketRun } from './socket-run.ts'

/** The server met what it did not expect (RFC 6455, section 7.4.1). */
const INTERNAL_ERROR = 1011

/**
 * Runs the handler of a socket, and closes it when the handler ends. Its dependencies are cleaned up when both are over.
 * Never rejects.
 */
export async function runSocket(run: SocketRun, socket: OpenSocket): Promise<void> {
  const failure = await handlerFailure(run, socket)
  socket.end(failure === undefined ? 1000 : INTERNAL_ERROR)
  await socket.closed
  await abandonSocket(run, failure)
}

async function handlerFailure(run: SocketRun, socket: OpenSocket): Promise<{ readonly thrown: unknown } | undefined> {
  const { operation, view, runtime } = run
  try {
    Object.assign(run.context, { socket })
    await run.callHandler()
    return undefined
  } catch (thrown) {
    // The client has gone, so the handler may end as well. That another client has gone is no reason.
    if (socket.hasThrown(thrown)) return undefined
    const fields = { requestId: view.requestId, path: view.path, operation: operation.operationId }
    runtime.log.error('The handler of a WebSocket failed', { ...fields, error: thrown })
    runtime.onFailure?.(thrown)
    return { thrown }
  }
}
