import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A body that brings less than a KiB a second for so long is given up. */
const WINDOW_MS = 30_000
const LEAST_BYTES = (WINDOW_MS / 1000) * 1024

const TIMEOUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

interface Window {
  readonly outgoing: ServerResponse
  readonly sinceMs: number
  readonly bytesRead: number
}

/**
 * Ends requests whose body comes too slowly, and bodies that still come long after their response. Node itself only bounds
 * the time of the whole request. One sweep looks at all connections; a request costs an entry in a map.
 */
export class SlowBodies {
  /** The last request with a body on each connection. */
  readonly #latest = new Map<Socket, ServerResponse | undefined>()
  readonly #windows = new Map<Socket, Window>()

  /** A request has begun. */
  begun(outgoing: ServerResponse): void {
    const { headers, socket } = outgoing.req
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return
    if (!this.#latest.has(socket))
      socket.once('close', () => {
        this.#latest.delete(socket)
        this.#windows.delete(socket)
      })
    this.#latest.set(socket, outgoing)
  }

  /** Ends what has been too slow up to now, a time in milliseconds that never goes back. */
  sweep(nowMs: number): void {
    for (const [socket, outgoing] of this.#latest) {
      if (outgoing === undefined) continue
      if (outgoing.req.complete) {
        this.#latest.set(socket, undefined)
        this.#windows.delete(socket)
      } else this.#look(socket, outgoing, nowMs)
    }
  }

  #look(socket: Socket, outgoing: ServerResponse, nowMs: number): void {
    const window = this.#windows.get(socket)
    const { bytesRead } = socket
    if (window?.outgoing !== outgoing || !isReading(outgoing))
      this.#windows.set(socket, { outgoing, sinceMs: nowMs, bytesRead })
    else if (nowMs - window.sinceMs < WINDOW_MS) return
    else if (bytesRead - window.bytesRead < LEAST_BYTES || outgoing.writableFinished) end(socket, outgoing)
    else this.#windows.set(socket, { outgoing, sinceMs: nowMs, bytesRead })
  }
}

/** Where nobody reads, the client is not the one who is slow. */
const isReading = ({ req }: ServerResponse): boolean =>
  req.readableFlowing === true || req.listenerCount('readable') > 0

function end(socket: Socket, outgoing: ServerResponse): void {
  if (!outgoing.headersSent) socket.write(TIMEOUT)
  socket.destroySoon()
}
