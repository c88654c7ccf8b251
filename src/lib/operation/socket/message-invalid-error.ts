import { RingbackError } from '../../error.ts'

/**
 * A message that a handler sends over its WebSocket breaks its schema, so it was not sent. Where the handler does not
 * catch this, the socket is closed with 1011, and the log has the error.
 *
 * `code` is `ERR_MESSAGE_INVALID`.
 *
 * @example
 * ```ts
 * import { Ringback } from 'ringback'
 * import { MessageInvalidError } from 'ringback/errors'
 * import { testClient } from 'ringback/testing'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Prices', version: '1.0.0' })
 * app.websocket('/prices', { send: z.object({ price: z.number().positive() }) }, async ({ socket }) => {
 *   const error = await socket.send({ price: -1 }).catch((error: unknown) => error)
 *   console.log(error instanceof MessageInvalidError) // true
 * })
 * await using client = await testClient(app)
 * await (await client.websocket('/prices')).closed
 * ```
 */
export class MessageInvalidError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_MESSAGE_INVALID'
  declare readonly code: typeof MessageInvalidError.code

  constructor(operationId: string, reason: string) {
    super(MessageInvalidError.code, `A message of the WebSocket "${operationId}" is not as declared: ${reason}`)
  }
}
