import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { ResponseHeaders } from '../../http/request-view.ts'
import type { WebSocketOptions } from '../../operation/socket/websocket-options.ts'
import type { SocketConnection } from '../../request/socket/socket-connection.ts'
import { WsConnection } from './ws-connection.ts'

/** What the server of the protocol says itself, and what describes a body. */
const NOT_ADDED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'content-type',
  'sec-websocket-accept',
  'sec-websocket-extensions',
  'sec-websocket-protocol',
  'transfer-encoding',
  'upgrade',
])

/** Each piece of a message that is not yet complete costs some hundred bytes beside its own. */
const mostPieces = (messageLimitBytes: number): number => Math.max(1_024, Math.ceil(messageLimitBytes / 256))

/** Turns connections into WebSockets, by the library `ws`. */
export class SocketUpgrades {
  readonly #server: WebSocketServer
  readonly #waitingLimitBytes: number
  /** Of the handshake that is being accepted. */
  #headers: ResponseHeaders = {}

  constructor({ messageLimitBytes, waitingLimitBytes, compression }: Required<WebSocketOptions>) {
    this.#waitingLimitBytes = waitingLimitBytes
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      autoPong: false,
      maxPayload: messageLimitBytes,
      maxFragments: mostPieces(messageLimitBytes),
      maxBufferedChunks: mostPieces(messageLimitBytes),
      perMessageDeflate: compression && { serverNoContextTakeover: true, clientNoContextTakeover: true },
      handleProtocols: () => String(this.#headers['sec-websocket-protocol'] ?? '') || false,
    }).on('headers', lines => {
      for (const [name, value] of Object.entries(this.#headers))
        if (!NOT_ADDED.has(name)) for (const line of [value].flat()) lines.push(`${name}: ${line}`)
    })
  }

  /** Responds with 101 and `headers`. Gives undefined where the client has gone away. */
  upgrade(
    incoming: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    headers: ResponseHeaders,
  ): SocketConnection | undefined {
    this.#headers = headers
    let connection: SocketConnection | undefined
    this.#server.handleUpgrade(incoming, socket, head, webSocket => {
      connection = new WsConnection(webSocket, this.#waitingLimitBytes)
    })
    if (connection === undefined) socket.destroy()
    return connection
  }
}
