import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as an external API received it. */
export interface ReceivedRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** An external API on a real socket, which can be stopped and started again on the same port. */
export class Receiver implements AsyncDisposable {
  readonly received: ReceivedRequest[] = []
  readonly #waiting: { readonly until: () => boolean; readonly resolve: () => void }[] = []
  #respond: (response: ServerResponse, count: number) => void
  #server = this.#create()
  #port = 0

  constructor(respond: (response: ServerResponse, count: number) => void = response => response.end('{"ok":true}')) {
    this.#respond = respond
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async start(): Promise<void> {
    this.#server = this.#create()
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  /** From now on responds with the status that this gives, as soon as it does. */
  respondLater(statusOf: (request: ReceivedRequest) => Promise<number>): void {
    this.#respond = async (response, count) => {
      response.statusCode = await statusOf(this.received[count - 1]!)
      response.end('{"ok":true}')
    }
  }

  /** From now on responds with the status that this gives. */
  respondWith(statusOf: (request: ReceivedRequest) => number): void {
    this.#respond = (response, count) => {
      response.statusCode = statusOf(this.received[count - 1]!)
      response.end('{"ok":true}')
    }
  }

  /** Resolves as soon as the condition is true. It is checked after each request. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return
    await new Promise<void>(resolve => this.#waiting.push({ until: condition, resolve }))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #create() {
    return createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { method = '', url = '', headers } = request
        this.received.push({ method, url, headers, body: Buffer.concat(chunks) })
        this.#respond(response, this.received.length)
        for (const { until, resolve } of this.#waiting) if (until()) resolve()
      })
    })
  }
}
