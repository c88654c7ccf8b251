import type { Schema } from '../../schema/schema.ts'
import type { CallbackSet, CheckCallbacks } from '../check-callbacks.ts'
import type { CheckParams, NoTwins } from '../definition.ts'
import type { CheckNames } from '../dependency-definition.ts'
import type { DependencySet } from '../dependency-set.ts'
import type { WebhookSet } from '../webhook-definition.ts'
import type { SocketExchange } from './socket-context.ts'

/** The complaint about a dependency that would hide the socket, in words. */
type CheckSocketName<D> = {
  readonly [K in keyof D]: K extends 'socket'
    ? 'the handler of a WebSocket already has "socket"; give this dependency another name'
    : unknown
}

/**
 * What a WebSocket is: the parameters of its handshake, the messages of both directions, and its dependencies. The type
 * parameters are those of `Definition`; IS is the schema of what comes, OS of what is sent, SP are the subprotocols.
 */
export interface SocketDefinition<
  P extends string,
  PS extends Schema,
  QS extends Schema,
  HS extends Schema,
  CS extends Schema,
  IS extends Schema,
  OS extends Schema,
  SP extends string,
  CB extends CallbackSet,
  D extends DependencySet,
  RD,
  RC,
  W extends WebhookSet = {},
> {
  /** One object schema of the path's names. Default: each is text. */
  readonly params?: PS & CheckParams<P, PS>
  /** One object schema of the query parameters. */
  readonly query?: QS
  /** One object schema of the headers of the handshake; names in lower case. Browsers let pages set none. */
  readonly headers?: HS
  /** One object schema of the cookies. */
  readonly cookies?: CS
  /**
   * A message of the client: a schema for JSON, else `text()` or `bytes()`. One that does not fit closes the socket with
   * 1008 and says why. Default: none, and any message closes it.
   */
  readonly receive?: IS
  /** A message to the client: a schema for JSON, else `text()` or `bytes()`. Default: none. */
  readonly send?: OS
  /**
   * The subprotocols that are spoken here. Of those that a client offers, the first that is among them is taken; where
   * none is, the handshake is refused. Default: none, and what clients offer is ignored.
   */
  readonly subprotocols?: readonly SP[]
  /** In place of the application's `websockets: { allowedOrigins }`. */
  readonly allowedOrigins?: readonly string[]
  /** Callbacks by name; their URLs read the handshake. */
  readonly callbacks?: CB & CheckCallbacks<CB, SocketExchange<PS, QS, HS, D & RD>> & NoTwins<CB, RC, 'callback'>
  /** Webhooks by the names of their events: those that the handler sends. */
  readonly webhooks?: W
  /** Dependencies by the names under which the handler gets their values; they run before the handshake is accepted. */
  readonly dependencies?: D & CheckNames<D> & CheckSocketName<D> & NoTwins<D, RD, 'dependency'>
  /** What the log and kept callbacks call it. Default: the name of the handler function, else its path in camelCase. */
  readonly operationId?: string
}

/** A definition as it is read at run time. */
export type AnySocketDefinition = SocketDefinition<
  string,
  Schema,
  Schema,
  Schema,
  Schema,
  Schema,
  Schema,
  string,
  CallbackSet,
  DependencySet,
  {},
  {},
  WebhookSet
>

/** Every key of a definition. The compiler makes sure that the list is complete. */
export const SOCKET_KEYS: Readonly<Record<keyof AnySocketDefinition, true>> = {
  params: true,
  query: true,
  headers: true,
  cookies: true,
  receive: true,
  send: true,
  subprotocols: true,
  allowedOrigins: true,
  callbacks: true,
  webhooks: true,
  dependencies: true,
  operationId: true,
}
