import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { Failure } from './failure.ts'

/** A received request. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** By `performance.now()`. */
  readonly arrivedAt: number
  /** Why the signature was refused; undefined where it was right. */
  readonly refusal: string | undefined
  readonly status: number
  readonly responseBody: string
}

/**
 * The external API, as somebody else might have written it: a plain Node server on one port, which can be stopped and
 * started again. Nothing in it comes from Ringback; signatures are verified by the npm package "standardwebhooks".
 */
export class ExternalApi extends EventEmitter<{ received: [Received] }> {
  /** The secret with which the API signs what it sends here. */
  secret = ''
  readonly received: Received[] = []
  #server: Server | undefined
  #port = 0

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Listens on the port it had before, or on a free one the first time. */
  async start(): Promise<void> {
    const server = createServer((request, response) => this.#receive(request, response))
    try {
      await once(server.listen(this.#port, '127.0.0.1'), 'listening')
    } catch (error) {
      const place = this.#port === 0 ? 'any port of 127.0.0.1' : `port ${this.#port} again`
      throw new Failure(`The external API cannot listen on ${place}: ${messageOf(error)}`)
    }
    const address = server.address()
    if (address !== null && typeof address === 'object') this.#port = address.port
    this.#server = server
  }

  /** From now on connections are refused. */
  async stop(): Promise<void> {
    if (!this.#server?.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAt = performance.now()
    const body = await text(request)
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const refusal = this.#refusalOf(body, headers)
    const [status, responseBody] = refusal === undefined ? [200, '{"ok": true}'] : [401, '{"ok": false}']
    response.writeHead(status, { 'content-type': 'application/json' }).end(responseBody)
    const { method = '', url: path = '' } = request
    const received = { method, path, headers, body, arrivedAt, refusal, status, responseBody }
    this.received.push(received)
    this.emit('received', received)
  }

  #refusalOf(body: string, headers: Record<string, string>): string | undefined {
    try {
      new Webhook(this.secret).verify(body, headers)
      return undefined
    } catch (error) {
      return messageOf(error)
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
