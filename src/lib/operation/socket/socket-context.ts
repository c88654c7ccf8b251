import type { TypeExchange } from '../../expression/types/type-exchange.ts'
import type { Log } from '../../log/log.ts'
import type { Output, Schema } from '../../schema/schema.ts'
import type { AnyApp } from '../any-app.ts'
import type { BoundCallbacks } from '../bound-callback.ts'
import type { OperationExchange } from '../context.ts'
import type { RequestParts } from '../request-parts.ts'
import type { MaybePromise, NoBody, NoResponse, NoResponseHeaders } from '../responses.ts'
import type { BoundWebhooks } from '../webhook/bound-webhook.ts'
import type { Socket } from './socket.ts'

/** What callback expressions of a WebSocket may read: the parameters of its handshake. */
export type SocketExchange<PS extends Schema, QS extends Schema, HS extends Schema, D> = OperationExchange<
  PS,
  QS,
  HS,
  NoBody,
  NoResponse,
  NoResponseHeaders,
  D
>

/**
 * What the handler of a WebSocket gets. The values of dependencies are added under their own names, and live until the
 * socket has closed.
 */
export interface SocketContext<
  PS extends Schema,
  QS extends Schema,
  HS extends Schema,
  CS extends Schema,
  IS extends Schema,
  OS extends Schema,
  SP extends string,
  CB,
  X extends TypeExchange,
  W = {},
> extends RequestParts {
  readonly params: Output<PS>
  readonly query: Output<QS>
  readonly headers: Output<HS>
  readonly cookies: Output<CS>
  readonly socket: Socket<IS, OS, SP>
  /** The declared callbacks, bound to the handshake. What is sent is stored at once. */
  readonly callbacks: BoundCallbacks<CB, X>
  /** The webhooks that the WebSocket and its router declare. What is sent is stored at once. */
  readonly webhooks: BoundWebhooks<W>
  /** Runs `fn` beside the handler; errors are logged, shutdown waits for it. */
  background(fn: () => MaybePromise<void>): void
  /** The request of the handshake. */
  readonly request: Request
  /** Aborts when the socket has closed. */
  readonly signal: AbortSignal
  readonly app: AnyApp
  readonly log: Log
}
