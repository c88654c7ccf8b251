import { isResponse } from '../../http/is-response.ts'
import type { AnyResponse, ResponseHeaders } from '../../http/request-view.ts'
import { webResponse } from '../web-response.ts'
import { abandonSocket } from './abandon-socket.ts'
import type { SocketRun } from './socket-run.ts'

/** What middleware gets in place of 101, which no web `Response` can have. */
const ACCEPTED = 204

/**
 * The handshake of a WebSocket on its way through an application. To the views of the request it is the response:
 * `close` is told when the handshake is over, and `signal` when the connection is.
 */
export class Handshake {
  closed = false
  readonly headersSent = false
  readonly writableFinished = false
  #accepted: SocketRun | undefined
  #waiting: (() => void)[] = []
  #controller: AbortController | undefined
  #hasEnded = false

  /** The accepted request, once its response says so. */
  get accepted(): SocketRun | undefined {
    return this.#accepted
  }

  accept(run: SocketRun): void {
    this.#accepted = run
  }

  once(_event: 'close', listener: () => void): void {
    if (this.closed) listener()
    else this.#waiting.push(listener)
  }

  writeContinue(): void {}

  /** Aborts when the connection has ended; made when it is asked for. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#hasEnded) this.#abort()
    return this.#controller.signal
  }

  /** The response as middleware sees it. */
  asWeb(response: AnyResponse, method: string): Response {
    const isAccepted = !isResponse(response) && response.status === 101
    return webResponse(isAccepted ? { ...response, status: ACCEPTED } : response, method)
  }

  /** The response that middleware has let through: 101 again, or its own in place of that. */
  async concluded(response: Response): Promise<AnyResponse> {
    if (this.#accepted === undefined) return response
    if (response.status === ACCEPTED) return { status: 101, headers: ownHeaders(response.headers), body: undefined }
    const refused = this.#accepted
    this.#accepted = undefined
    await abandonSocket(refused)
    return response
  }

  /** The response has been sent. */
  responded(): void {
    this.closed = true
    for (const listener of this.#waiting.splice(0)) listener()
  }

  /** The connection has ended. */
  ended(): void {
    this.#hasEnded = true
    this.#abort()
  }

  #abort(): void {
    this.#controller?.abort(new DOMException('The WebSocket has closed', 'AbortError'))
  }
}

function ownHeaders(headers: Headers): ResponseHeaders {
  const cookies = headers.getSetCookie()
  const others = [...headers].filter(([name]) => name !== 'set-cookie')
  return { ...Object.fromEntries(others), ...(cookies.length > 0 && { 'set-cookie': cookies }) }
}

/** The handshake of a request, where it is one, by what its server passed beside it. */
export function handshakeIn(env: unknown): Handshake | undefined {
  const { outgoing } = (env ?? {}) as { readonly outgoing?: unknown }
  return outgoing instanceof Handshake ? outgoing : undefined
}
