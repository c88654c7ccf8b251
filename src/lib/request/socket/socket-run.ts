import { AsyncLocalStorage } from 'node:async_hooks'
import type { RequestView } from '../../http/request-view.ts'
import type { CompiledOperation } from '../../operation/compiled/compiled-operation.ts'
import type { CompiledSocket } from '../../operation/socket/compiled-socket.ts'
import type { AppRuntime } from '../app-runtime.ts'
import { OperationRun } from '../operation-run.ts'

/** A WebSocket, from its handshake until everything of it has ended. */
export class SocketRun extends OperationRun {
  readonly socket: CompiledSocket
  /** The subprotocol that was agreed on. */
  readonly subprotocol: string | undefined
  /** Gives back its place among the WebSockets of the application. */
  leave: () => void = () => {}
  #within: ReturnType<typeof AsyncLocalStorage.snapshot> | undefined

  constructor(
    view: RequestView,
    operation: CompiledOperation,
    {
      path,
      subprotocol,
    }: { readonly path: Readonly<Record<string, string>>; readonly subprotocol: string | undefined },
    runtime: AppRuntime,
  ) {
    super(view, operation, path, runtime)
    this.socket = operation.socket!
    this.subprotocol = subprotocol
  }

  /** From here on the handler belongs to: its values of asynchronous storage are those of the handshake. */
  keepStorage(): void {
    this.#within = AsyncLocalStorage.snapshot()
  }

  /** Calls the handler where the handshake was. Callbacks that it restores are stored at once. */
  callHandler(): Promise<unknown> {
    const call = (): Promise<unknown> => Promise.try(() => this.operation.handler(this.context))
    const { deliveries, runtime } = this
    const sending = deliveries === undefined ? call : () => runtime.delivery.current.run(deliveries, call)
    return this.#within === undefined ? sending() : this.#within(sending)
  }
}
