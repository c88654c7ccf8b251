import type { SocketClose } from '../../operation/socket/socket.ts'
import { SocketClosedError } from '../../operation/socket/socket-closed-error.ts'
import { checkClose } from '../../request/socket/close-status.ts'
import { MemoryConnection } from './memory-connection.ts'

/** The client's end of a WebSocket under test, without a network. */
export interface TestSocket extends AsyncDisposable {
  /** The subprotocol that was agreed on, if any. */
  readonly subprotocol: string | undefined
  /** Sends a text message, or a binary one. */
  send(message: string | Uint8Array): void
  /** Sends a value as JSON in a text message. */
  sendJson(value: unknown): void
  /** The next message. Rejects with `SocketClosedError` when there is none any more, and with `raiseErrors` with what the handler threw. */
  receive(): Promise<string | Uint8Array>
  /** The value of the next message, which is JSON. */
  receiveJson(): Promise<unknown>
  /** The messages as they come, until the socket closes. */
  [Symbol.asyncIterator](): AsyncIterator<string | Uint8Array, undefined>
  /** Default: without a code, as browsers do it, which the server sees as 1005. Throws a `RangeError` for what cannot be sent. */
  close(code?: number, reason?: string): void
  /** Resolves when the socket has closed, whoever closed it. */
  readonly closed: Promise<SocketClose>
}

type Message = string | Uint8Array

/** See {@link TestSocket}. `failure` is what the handler has thrown, if that is to be raised. */
export class ClientSocket implements TestSocket {
  readonly connection: MemoryConnection
  readonly subprotocol: string | undefined
  readonly #failure: () => { readonly thrown: unknown } | undefined
  readonly #messages: Message[] = []
  readonly #takers: PromiseWithResolvers<Message>[] = []
  readonly #closed = Promise.withResolvers<SocketClose>()
  #ending: SocketClose | undefined

  constructor(
    subprotocol: string | undefined,
    messageLimitBytes: number,
    failure: () => { readonly thrown: unknown } | undefined,
  ) {
    this.subprotocol = subprotocol
    this.#failure = failure
    this.connection = new MemoryConnection(
      {
        message: message => {
          const taker = this.#takers.shift()
          if (taker === undefined) this.#messages.push(message)
          else taker.resolve(message)
        },
        closed: (code, reason) => this.#end({ code, reason }),
      },
      messageLimitBytes,
    )
  }

  get closed(): Promise<SocketClose> {
    return this.#closed.promise
  }

  send(message: Message): void {
    if (this.#ending !== undefined) throw new SocketClosedError(this.#ending)
    this.connection.fromClient(message)
  }

  sendJson(value: unknown): void {
    this.send(JSON.stringify(value))
  }

  async receive(): Promise<Message> {
    const message = this.#messages.shift()
    if (message !== undefined) return message
    if (this.#ending !== undefined) throw this.#error()
    const taker = Promise.withResolvers<Message>()
    this.#takers.push(taker)
    return taker.promise
  }

  async receiveJson(): Promise<unknown> {
    const message = await this.receive()
    return JSON.parse(typeof message === 'string' ? message : Buffer.from(message).toString()) as unknown
  }

  [Symbol.asyncIterator](): AsyncIterator<Message, undefined> {
    return {
      next: async () => {
        try {
          return { done: false, value: await this.receive() }
        } catch (thrown) {
          if (thrown instanceof SocketClosedError) return { done: true, value: undefined }
          throw thrown
        }
      },
    }
  }

  close(code?: number, reason = ''): void {
    if (code !== undefined) checkClose(code, reason)
    this.connection.closeFromClient(code ?? 1005, reason)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
    await this.closed
  }

  #end(ending: SocketClose): void {
    this.#ending = ending
    this.#closed.resolve(ending)
    for (const taker of this.#takers.splice(0)) taker.reject(this.#error())
  }

  #error(): unknown {
    const failure = this.#failure()
    return failure === undefined ? new SocketClosedError(this.#ending!) : failure.thrown
  }
}
