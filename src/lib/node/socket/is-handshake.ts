import type { IncomingMessage } from 'node:http'

/** Whether a request with an upgrade is the handshake of a WebSocket (RFC 6455, section 4.2.1), and not for another protocol. */
export function isHandshake({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return method === 'GET' && isWebSocket(headers.upgrade)
}

const isWebSocket = (upgrade: string | undefined): boolean =>
  upgrade?.split(',').some(protocol => protocol.trim().toLowerCase() === 'websocket') === true
