import { AsyncLocalStorage } from 'node:async_hooks'
import type { RequestView } from '../../http/request-view.ts'
import type { CompiledOperation } from '../../operation/compiled/compiled-operation.ts'
import type { CompiledSocket } from '../../operation/socket/compiled-socket.ts'
import type { AppRuntime } from '../app-runtime.ts'
import { OperationRun } from '../operation-run.ts'
import type { RequestTexts } from '../request-texts.ts'

/** A WebSocket, from its handshake until everything of it has ended. */
export class SocketRun extends OperationRun {
  readonly socket: CompiledSocket
  /** The subprotocol that was agreed on. */
  subprotocol: string | undefined = undefined
  /** Gives back its place among the WebSockets of the application. */
  leave: () => void = () => {}
  #within: ReturnType<typeof AsyncLocalStorage.snapshot> | undefined

  constructor(view: RequestView, operation: CompiledOperation, path: RequestTexts['params'], runtime: AppRuntime) {
    super(view, operation, path, runtime)
    this.socket = operation.socket!
  }

  /** Keeps the values of asynchronous storage as they are now, for the handler: the span of the handshake, and those of middleware. */
  keepStorage(): void {
    this.#within = AsyncLocalStorage.snapshot()
  }

  /** Calls the handler. Callbacks that it restores are stored at once, as those that are bound to the handshake. */
  callHandler(): Promise<unknown> {
    const call = (): Promise<unknown> => Promise.try(() => this.operation.handler(this.context))
    const { deliveries, runtime } = this
    const sending = deliveries === undefined ? call : () => runtime.delivery.current.run(deliveries, call)
    return this.#within === undefined ? sending() : this.#within(sending)
  }
}
