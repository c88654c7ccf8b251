import { RingbackError } from '../../error.ts'

/**
 * The handshake of a WebSocket that `client.websocket` has asked for is refused, with a `response` that says why.
 *
 * `code` is `ERR_SOCKET_REFUSED`.
 *
 * @example
 * ```ts
 * import { HttpError, dependency, Ringback, text } from 'ringback'
 * import { SocketRefusedError } from 'ringback/errors'
 * import { testClient } from 'ringback/testing'
 *
 * const app = new Ringback({ title: 'Chat', version: '1.0.0' })
 * const user = dependency({}, () => {
 *   throw new HttpError(401, 'Log in first')
 * })
 * app.websocket('/chat', { dependencies: { user }, receive: text() }, async () => {})
 *
 * await using client = await testClient(app)
 * const error = await client.websocket('/chat').catch((error: unknown) => error)
 * console.log(error instanceof SocketRefusedError && error.response.status) // 401
 * ```
 */
export class SocketRefusedError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_SOCKET_REFUSED'
  declare readonly code: typeof SocketRefusedError.code

  readonly response: Response

  constructor(path: string, response: Response, detail: string) {
    super(
      SocketRefusedError.code,
      `The WebSocket "${path}" was refused with status ${response.status}${detail === '' ? '' : `: ${detail}`}`,
    )
    this.response = response
  }
}
