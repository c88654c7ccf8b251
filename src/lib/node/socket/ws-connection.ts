import type { WebSocket } from 'ws'
import type { ConnectionListener, SocketConnection, SocketMessage } from '../../request/socket/socket-connection.ts'

/** A connection of the library `ws`. */
export class WsConnection implements SocketConnection {
  readonly #webSocket: WebSocket
  readonly #waitingLimitBytes: number

  constructor(webSocket: WebSocket, waitingLimitBytes: number) {
    this.#webSocket = webSocket
    this.#waitingLimitBytes = waitingLimitBytes
    // Breaches of the protocol: the library closes the connection itself.
    webSocket.on('error', () => {})
  }

  listen(listener: ConnectionListener): void {
    this.#webSocket
      .on('message', (data: Buffer, isBinary: boolean) => listener.message(isBinary ? data : data.toString()))
      .on('ping', (data: Buffer) => {
        listener.alive()
        this.#pong(data)
      })
      .on('pong', () => listener.alive())
      .on('close', (code: number, reason: Buffer) => listener.closed(code, reason.toString()))
  }

  get waitingBytes(): number {
    return this.#webSocket.bufferedAmount
  }

  send(message: SocketMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#webSocket.send(message, error => (error == null ? resolve() : reject(error)))
    })
  }

  pause(): void {
    this.#webSocket.pause()
  }

  resume(): void {
    this.#webSocket.resume()
  }

  ping(): void {
    this.#webSocket.ping()
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason)
  }

  terminate(): void {
    this.#webSocket.terminate()
  }

  /** Whoever sends pings and reads no pongs would fill the memory with them. */
  #pong(data: Buffer): void {
    if (this.waitingBytes > this.#waitingLimitBytes) this.terminate()
    else this.#webSocket.pong(data)
  }
}
