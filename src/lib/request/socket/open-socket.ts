import { isThenable } from '../../is-thenable.ts'
import type { Socket, SocketClose } from '../../operation/socket/socket.ts'
import { SocketClosedError } from '../../operation/socket/socket-closed-error.ts'
import type { Schema } from '../../schema/schema.ts'
import { checkClose, closeReason } from './close-status.ts'
import { Inbox } from './inbox.ts'
import { readMessage, UnfitMessage } from './read-message.ts'
import type { ConnectionListener, SocketConnection, SocketMessage } from './socket-connection.ts'
import type { SocketRun } from './socket-run.ts'
import { writeMessage } from './write-message.ts'

/** Of which socket an error tells. */
const sources = new WeakMap<SocketClosedError, OpenSocket>()

type AnySocket = Socket<Schema, Schema, string>

/** An open WebSocket: what its handler sees, and what keeps its connection in bounds. */
export class OpenSocket implements AnySocket {
  readonly #run: SocketRun
  readonly #connection: SocketConnection
  readonly #inbox: Inbox
  readonly #waitingLimitBytes: number
  readonly #onClosed: () => void
  readonly #closed = Promise.withResolvers<SocketClose>()
  /** How it ends or has ended; undefined while it is open. */
  #ending: SocketClose | undefined
  /** The messages whose validation is awaited: the next ones must not overtake them. */
  #validated: Promise<unknown> | undefined
  #isAlive = true
  /** Whether something has been written since the last heartbeat, and whether it had had to wait for the client. */
  #hasWritten = false
  #hadToWait = false

  readonly #listener: ConnectionListener = {
    message: message => {
      this.#isAlive = true
      // Its handler may never ask for one.
      if (this.#run.socket.receive !== undefined) this.#inbox.put(message)
      else this.end(1003, 'This WebSocket takes no messages')
    },
    alive: () => {
      this.#isAlive = true
    },
    closed: (code, reason) => {
      this.#ending ??= { code, reason }
      this.#onClosed()
      this.#inbox.end(false)
      this.#closed.resolve(this.#ending)
    },
  }

  /** `onClosed` is called before anybody else hears of its end. */
  constructor(run: SocketRun, connection: SocketConnection, waitingLimitBytes: number, onClosed: () => void) {
    this.#run = run
    this.#connection = connection
    this.#inbox = new Inbox(connection)
    this.#waitingLimitBytes = waitingLimitBytes
    this.#onClosed = onClosed
    connection.listen(this.#listener)
  }

  get subprotocol(): string | undefined {
    return this.#run.subprotocol
  }

  get closed(): Promise<SocketClose> {
    return this.#closed.promise
  }

  get isOpen(): boolean {
    return this.#ending === undefined
  }

  async receive(): Promise<never> {
    const message = await this.#inbox.take()
    if (message === undefined) throw this.#closedError()
    try {
      return (await readMessage(message, this.#run.socket.receive!, this.#readRules)) as never
    } catch (thrown) {
      if (!(thrown instanceof UnfitMessage)) throw thrown
      this.#cutOff(thrown)
      this.end(thrown.code, thrown.reason)
      throw this.#closedError()
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<never, undefined> {
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

  send(message: unknown): Promise<void> {
    const sent = this.#send(message)
    // Nobody may be waiting for it, and an unhandled rejection would end the process.
    sent.catch(() => {})
    return sent
  }

  close(code = 1000, reason = ''): void {
    checkClose(code, reason)
    this.end(code, reason)
  }

  /** Closes it with a text of any length. */
  end(code: number, reason = ''): void {
    if (this.#ending !== undefined) return
    this.#ending = { code, reason: closeReason(reason) }
    this.#inbox.end(true)
    this.#connection.close(code, this.#ending.reason)
  }

  /** Whether an error says that this very socket has closed, and no other. */
  hasThrown(error: unknown): boolean {
    return error instanceof SocketClosedError && sources.get(error) === this
  }

  terminate(): void {
    this.#connection.terminate()
  }

  /** Asks for a sign of life. Ends the connection, and gives false, where there has been none since the last time. */
  beat(): boolean {
    const isRead = !this.#inbox.hasPaused()
    const isAlive = this.#isAlive || !isRead || (this.#hadToWait && this.#hasWritten)
    this.#isAlive = false
    this.#hasWritten = false
    // A full connection that goes on is read at its other end, even where the answer to a ping comes late.
    this.#hadToWait = this.#connection.waitingBytes > 0
    if (isAlive) this.#connection.ping()
    else {
      this.#cutOff({ code: 1006, reason: 'The client gives no sign of life' })
      this.terminate()
    }
    return isAlive
  }

  get #readRules() {
    const { operation, runtime } = this.#run
    return { limitValues: operation.bodyLimits.bodyLimitValues, coerceJson: runtime.bodyRules.coerceJson }
  }

  /** Tells whoever looks for it why a client was not kept. */
  #cutOff({ code, reason }: SocketClose): void {
    const { view, operation, runtime } = this.#run
    const fields = { requestId: view.requestId, operation: operation.operationId, code, reason }
    runtime.log.debug('A WebSocket was closed because of its client', fields)
  }

  #closedError(): SocketClosedError {
    const error = new SocketClosedError(this.#ending ?? { code: 1006, reason: '' })
    sources.set(error, this)
    return error
  }

  async #send(value: unknown): Promise<void> {
    if (!this.isOpen) throw this.#closedError()
    const written = writeMessage(value, this.#run.socket.send, this.#run.operation.operationId)
    if (!isThenable(written) && this.#validated === undefined) return this.#write(written)
    const before = this.#validated
    const inTurn = (async () => {
      await before?.catch(() => {})
      return this.#write(await written)
    })()
    this.#validated = inTurn
    return inTurn
  }

  async #write(message: SocketMessage): Promise<void> {
    if (!this.isOpen) throw this.#closedError()
    const { waitingBytes } = this.#connection
    if (waitingBytes > 0 && waitingBytes + Buffer.byteLength(message) > this.#waitingLimitBytes) {
      this.#ending = { code: 1008, reason: 'The client reads too slowly' }
      this.#cutOff(this.#ending)
      this.#inbox.end(true)
      this.#connection.terminate()
      throw this.#closedError()
    }
    await this.#connection.send(message).catch(() => {
      throw this.#closedError()
    })
    this.#hasWritten = true
  }
}
