import { RingbackError } from '../../error.ts'
import type { SocketClose } from './socket.ts'

/**
 * Nothing can be sent to a WebSocket or received from it any more: it has closed, or is closing. A handler may leave it
 * uncaught: it ends, as it should.
 *
 * `code` is `ERR_SOCKET_CLOSED`; `closeCode` and `reason` say how the socket ended.
 *
 * @example
 * ```ts
 * import { Ringback, text } from 'ringback'
 * import { SocketClosedError } from 'ringback/errors'
 * import { testClient } from 'ringback/testing'
 *
 * const app = new Ringback({ title: 'Chat', version: '1.0.0' })
 * app.websocket('/greet', { send: text() }, async ({ socket }) => {
 *   await socket.send('Hello')
 *   socket.close(4000, 'That is all')
 * })
 *
 * await using client = await testClient(app)
 * const socket = await client.websocket('/greet')
 * console.log(await socket.receive()) // Hello
 * await socket.receive().catch((error: unknown) => {
 *   if (error instanceof SocketClosedError) console.log(error.closeCode, error.reason) // 4000 That is all
 * })
 * ```
 */
export class SocketClosedError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_SOCKET_CLOSED'
  declare readonly code: typeof SocketClosedError.code

  /** A status code of RFC 6455, section 7.4. */
  readonly closeCode: number
  readonly reason: string

  constructor({ code, reason }: SocketClose) {
    super(SocketClosedError.code, `The WebSocket is closed (${code}${reason === '' ? '' : `, "${reason}"`})`)
    this.closeCode = code
    this.reason = reason
  }
}
