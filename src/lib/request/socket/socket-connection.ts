/** A message on its way: text, or bytes. */
export type SocketMessage = string | Uint8Array

/** What a connection tells. Nothing comes before `listen` was called, and nothing after `closed`. */
export interface ConnectionListener {
  message(message: SocketMessage): void
  /** A pong, or another sign of life that is not a message. */
  alive(): void
  /** The connection has ended, with what the other side said of it. */
  closed(code: number, reason: string): void
}

/** The connection of a WebSocket, as the upgrade of one runtime makes it. */
export interface SocketConnection {
  listen(listener: ConnectionListener): void
  /** Resolves when the message has been written, and rejects when it cannot be. */
  send(message: SocketMessage): Promise<void>
  /** How much has been sent and is not yet written. */
  readonly waitingBytes: number
  /** Stops reading, so that the client has to wait. */
  pause(): void
  resume(): void
  /** Asks for a sign of life. */
  ping(): void
  /** Begins to close. The connection ends in bounded time even where the other side says nothing. */
  close(code: number, reason: string): void
  /** Ends it at once. */
  terminate(): void
}
