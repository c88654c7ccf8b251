import type { Absent, Output, Schema, Sendable } from '../../schema/schema.ts'

/** No messages in this direction are declared. */
export type NoMessages = Absent<never, never>

/** How a WebSocket ended. */
export interface SocketClose {
  /** A status code of RFC 6455, section 7.4; 1005 where none was sent, and 1006 where the connection broke. */
  readonly code: number
  readonly reason: string
}

/** An open WebSocket, as its handler has it: IS is the schema of what comes, OS of what is sent. */
export interface Socket<IS extends Schema, OS extends Schema, SP extends string = never> {
  /** The subprotocol that was agreed on; undefined where the client offered none. */
  readonly subprotocol: SP | undefined
  /**
   * The messages as they come, validated; it ends when the socket does. The next one is read when the loop asks for it,
   * so a client cannot send faster than the handler works. Leaving the loop does not close the socket.
   */
  [Symbol.asyncIterator](): AsyncIterator<Output<IS>, undefined>
  /** The next message. Rejects with `SocketClosedError` when the socket is closed. */
  receive(): Promise<Output<IS>>
  /**
   * Validates a message, removes undeclared properties, and sends it. Resolves when it has been written, so that whoever
   * awaits it does not send faster than the client reads. Rejects with `SocketClosedError` when the socket is closed, and
   * with `MessageInvalidError` for a message that breaks its schema. Nobody has to catch it: a message to a client that
   * has gone is lost without a word.
   *
   * Where more than `waitingLimitBytes` wait for the client already, the connection is ended.
   */
  send(message: Sendable<OS>): Promise<void>
  /**
   * Ends the socket; messages that still come are dropped. Default: 1000, without a reason. Throws a `RangeError` for a
   * code that may not be sent, and for a reason of more than 123 bytes of UTF-8.
   */
  close(code?: number, reason?: string): void
  /** Resolves when the socket has closed, whoever closed it. */
  readonly closed: Promise<SocketClose>
}
