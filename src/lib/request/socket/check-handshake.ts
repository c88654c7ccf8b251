import { HttpError } from '../../http/http-error.ts'
import type { RequestView } from '../../http/request-view.ts'
import type { CompiledSocket } from '../../operation/socket/compiled-socket.ts'

const VERSION = '13'

/**
 * Checks the headers of a handshake before anything runs for it, and gives the subprotocol that is agreed on. Throws an
 * `HttpError`: 403 for a page of another origin, 400 and 426 for what is not a handshake of this protocol.
 */
export function checkHandshake(
  view: RequestView,
  socket: CompiledSocket,
  allowedOrigins: readonly string[],
): string | undefined {
  checkOrigin(view, socket.allowedOrigins ?? allowedOrigins)
  if (view.header('sec-websocket-version') !== VERSION)
    throw new HttpError(426, 'This WebSocket speaks version 13 of the protocol (RFC 6455)', {
      headers: { upgrade: 'websocket', connection: 'upgrade', 'sec-websocket-version': VERSION },
    })
  // The base64 of 16 bytes.
  if (!/^[+/\dA-Za-z]{22}==$/.test(view.header('sec-websocket-key') ?? ''))
    throw new HttpError(400, 'The handshake has no valid "Sec-WebSocket-Key"')
  return agreedSubprotocol(view.header('sec-websocket-protocol'), socket.subprotocols)
}

/** Only browsers name an origin, and they let any page connect with the cookies of its reader. */
function checkOrigin(view: RequestView, allowed: readonly string[]): void {
  const origin = view.header('origin')
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin) || isOwn(origin, view)) return
  throw new HttpError(
    403,
    'Pages of this origin may not open this WebSocket: the application has to name it in "allowedOrigins"',
  )
}

/** Compares hosts only, since a proxy that is not trusted may have taken TLS off. */
function isOwn(origin: string, { url }: RequestView): boolean {
  const page = URL.parse(origin)
  if (page === null || page.origin !== origin) return false
  const start = url.indexOf('//') + 2
  const end = url.indexOf('/', start)
  return URL.parse(`${page.protocol}//${url.slice(start, end < 0 ? url.length : end)}`)?.host === page.host
}

/** RFC 6455, section 4.2.2: the client names those that it prefers first. */
function agreedSubprotocol(offered: string | undefined, spoken: readonly string[]): string | undefined {
  if (offered === undefined || spoken.length === 0) return undefined
  const agreed = offered
    .split(',')
    .map(name => name.trim())
    .find(name => spoken.includes(name))
  if (agreed !== undefined) return agreed
  const names = spoken.map(name => `"${name}"`).join(' or ')
  throw new HttpError(400, `The client offers no subprotocol that is spoken here: offer ${names}`)
}
