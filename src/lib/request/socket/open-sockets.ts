import type { Clock } from '../../clock.ts'
import { endsWithin } from '../../ends-within.ts'
import { HttpError } from '../../http/http-error.ts'
import type { Log } from '../../log/log.ts'
import { once } from '../../once.ts'
import type { WebSocketOptions } from '../../operation/socket/websocket-options.ts'
import type { Handshake } from './handshake.ts'
import { Heartbeats } from './heartbeats.ts'
import { OpenSocket } from './open-socket.ts'
import { runSocket } from './run-socket.ts'
import type { SocketConnection } from './socket-connection.ts'
import type { SocketRun } from './socket-run.ts'

/** A server that closes (RFC 6455, section 7.4.1: "going away"). */
const GOING_AWAY = 1001

/** How long handlers may take once their connections were ended. */
const LAST_MS = 1_000

/** The WebSockets of an application. Their number is limited, and they end when the server closes. */
export class OpenSockets {
  readonly limits: Required<WebSocketOptions>
  readonly #log: Log
  readonly #open = new Set<OpenSocket>()
  readonly #running = new Set<Promise<void>>()
  readonly #heartbeats: Heartbeats
  #taken = 0
  #isClosing = false

  constructor(limits: Required<WebSocketOptions>, clock: () => Clock, log: Log) {
    this.limits = limits
    this.#log = log
    this.#heartbeats = new Heartbeats(limits.heartbeatMs, clock)
  }

  /** Takes a place, and gives back what leaves it. Throws an `HttpError` 503 where there is none. */
  enter(): () => void {
    if (this.#isClosing) throw tryLater('The server is closing: connect again', 1)
    if (this.#taken >= this.limits.maxConnections) throw tryLater('Too many WebSockets are open: try again later', 10)
    this.#taken++
    return once(() => {
      this.#taken--
    })
  }

  /** Runs the handler of an accepted handshake over its connection. */
  begin(run: SocketRun, connection: SocketConnection, handshake: Handshake): void {
    const socket = new OpenSocket(run, connection, this.limits.waitingLimitBytes, () => {
      this.#open.delete(socket)
      this.#heartbeats.delete(socket)
      handshake.ended()
    })
    this.#open.add(socket)
    this.#heartbeats.add(socket)
    const running = runSocket(run, socket).finally(() => this.#running.delete(running))
    this.#running.add(running)
    if (this.#isClosing) socket.close(GOING_AWAY)
  }

  /** Closes all of them, and refuses further ones. */
  closeAll(): void {
    this.#isClosing = true
    for (const socket of this.#open) socket.end(GOING_AWAY)
  }

  /** Ends their connections without waiting for the clients. */
  terminateAll(): void {
    for (const socket of this.#open) socket.terminate()
  }

  /** Closes all of them, and resolves when their handlers have ended, at the latest soon after `graceMs`. */
  async drained(graceMs: number): Promise<void> {
    this.closeAll()
    if (await this.#ended(graceMs)) return
    this.terminateAll()
    if (await this.#ended(LAST_MS)) return
    this.#log.warn('Handlers of WebSockets did not end in time and were abandoned', { sockets: this.#running.size })
  }

  /** Allows new ones: the application starts again. */
  reopen(): void {
    this.#isClosing = false
  }

  #ended(limitMs: number): Promise<boolean> {
    return endsWithin(Promise.all(this.#running), limitMs)
  }
}

const tryLater = (detail: string, seconds: number): HttpError =>
  new HttpError(503, detail, { headers: { 'retry-after': String(seconds) } })
