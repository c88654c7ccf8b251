import { HttpError } from '../../http/http-error.ts'
import type { AnyResponse, RequestView } from '../../http/request-view.ts'
import type { AppRuntime } from '../../request/app-runtime.ts'
import { RequestErrorContext } from '../../request/errors/request-error-context.ts'
import { responseToError } from '../../request/errors/response-to-error.ts'
import { headersOfResponse } from '../../request/response-headers.ts'
import { checkHandshake } from '../../request/socket/check-handshake.ts'
import type { Handshake } from '../../request/socket/handshake.ts'
import type { OpenSockets } from '../../request/socket/open-sockets.ts'
import { SocketRun } from '../../request/socket/socket-run.ts'
import { takeHandshakeSteps } from '../../request/socket/take-handshake-steps.ts'
import { nameRoute, noteFailure } from '../../request/telemetry/server-span.ts'
import { type Match, SOCKET_METHOD } from '../route-table.ts'
import type { Routes } from '../routes.ts'

/** What handshakes need of the application. */
export interface HandshakeRuntime extends AppRuntime {
  readonly routes: Routes
  readonly sockets: OpenSockets
}

/**
 * Responds to the handshake of a WebSocket: 101, and `handshake` has the accepted request, or a problem. Nothing that
 * costs anything runs for a page of another origin, or where there is no place. Never throws.
 */
export async function dispatchHandshake(
  view: RequestView,
  handshake: Handshake,
  runtime: HandshakeRuntime,
): Promise<AnyResponse> {
  let run: SocketRun | undefined
  try {
    const match = runtime.routes.table.match(SOCKET_METHOD, view.path)
    if (match?.route.kind === 'mount' && match.route.respondToHandshake !== undefined)
      return await match.route.respondToHandshake(view, handshake)
    run = runOf(view, match, runtime)
    const refused = await takeHandshakeSteps(run)
    if (refused !== undefined) {
      run.leave()
      return refused
    }
    run.keepStorage()
    handshake.accept(run)
    const headers = headersOfResponse(run.context['~prepared'])
    if (run.subprotocol !== undefined) headers['sec-websocket-protocol'] = run.subprotocol
    return { status: 101, headers, body: undefined }
  } catch (error) {
    run?.leave()
    noteFailure(error)
    return responseToError(error, runtime, new RequestErrorContext(view, runtime, run))
  }
}

function runOf(view: RequestView, match: Match | undefined, runtime: HandshakeRuntime): SocketRun {
  const { routes, sockets } = runtime
  if (match?.route.kind !== 'operation') throw withoutSocket(view, routes)
  const { operation, template } = match.route
  nameRoute(routes.basePath, template)
  const subprotocol = checkHandshake(view, operation.socket!, sockets.limits.allowedOrigins)
  const run = new SocketRun(view, operation, match.path, runtime)
  run.subprotocol = subprotocol
  run.leave = sockets.enter()
  return run
}

/** Clients of WebSockets follow no redirects, so a last slash too many or too few is told in words. */
function withoutSocket({ path }: RequestView, { table }: Routes): HttpError {
  const methods = table.methodsOf(path)
  if (methods.length > 0)
    return new HttpError(
      400,
      `This path is not a WebSocket: it takes ${methods.join(', ')} without "Upgrade: websocket"`,
    )
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`
  const isNear = table.match(SOCKET_METHOD, other)?.route.kind === 'operation'
  return new HttpError(
    404,
    isNear
      ? `There is nothing at this path: the WebSocket is at the path ${path.endsWith('/') ? 'without' : 'with'} a last slash`
      : 'There is nothing at this path',
  )
}
