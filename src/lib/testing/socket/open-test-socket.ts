import { randomBytes } from 'node:crypto'
import type { Application } from '../../app/application.ts'
import { isResponse } from '../../http/is-response.ts'
import { Handshake } from '../../request/socket/handshake.ts'
import { webHeaders, webResponse } from '../../request/web-response.ts'
import type { RaisedErrors } from '../raised-errors.ts'
import { SocketRefusedError } from './socket-refused-error.ts'
import { ClientSocket, type TestSocket } from './test-socket.ts'

/** The headers that every client of WebSockets sends (RFC 6455, section 4.1). */
export function handshakeHeaders(headers: Headers, subprotocols: readonly string[]): void {
  headers.set('connection', 'upgrade')
  headers.set('upgrade', 'websocket')
  headers.set('sec-websocket-version', '13')
  headers.set('sec-websocket-key', randomBytes(16).toString('base64'))
  if (subprotocols.length > 0) headers.set('sec-websocket-protocol', subprotocols.join(', '))
}

/** The socket, and the headers of the response to its handshake. */
interface Opened {
  readonly socket: TestSocket
  readonly headers: Headers
}

/** Opens a WebSocket of the application. Rejects with `SocketRefusedError`, which has the response. */
export async function openTestSocket(
  { handshakes, sockets }: Application,
  request: Request,
  clientAddress: string | undefined,
  raised: RaisedErrors,
): Promise<Opened> {
  const handshake = new Handshake()
  const env = { incoming: { socket: { remoteAddress: clientAddress } }, outgoing: handshake }
  const failure = raised.watch()
  const asked = new Request(request, { signal: handshake.signal })
  const response = await failure.within(() => handshakes.fetch(asked, env, handshake))
  const run = handshake.accepted
  if (run === undefined) {
    handshake.responded()
    failure.raise()
    const web = webResponse(response, 'GET')
    throw new SocketRefusedError(new URL(request.url).pathname, web, await detailOf(web.clone()))
  }
  const headers = isResponse(response) ? response.headers : webHeaders(response.headers)
  const socket = new ClientSocket(run.subprotocol, sockets.limits.messageLimitBytes, () => failure.first)
  failure.within(() => sockets.begin(run, socket.connection, handshake))
  handshake.responded()
  return { socket, headers }
}

async function detailOf(response: Response): Promise<string> {
  const problem: unknown = await response.json().catch(() => undefined)
  const detail: unknown = Object(problem)['detail']
  return typeof detail === 'string' ? detail : ''
}
