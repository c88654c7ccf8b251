import type { Schema } from '../../schema/schema.ts'
import type { CallbackSet, CheckInherited } from '../check-callbacks.ts'
import type { TemplateSchema } from '../definition.ts'
import type { Values } from '../dependency-definition.ts'
import type { DependencySet } from '../dependency-set.ts'
import type { MaybePromise, NoCookies, NoHeaders, NoQuery } from '../responses.ts'
import type { WebhookSet } from '../webhook-definition.ts'
import type { NoMessages } from './socket.ts'
import type { SocketContext, SocketExchange } from './socket-context.ts'
import type { SocketDefinition } from './socket-definition.ts'

/** Registers a handler for the WebSockets of a path. What the router declares is added. */
export type SocketRoute<Prefix extends string, RC, RD, RW = {}> = <
  const P extends string,
  PS extends Schema = TemplateSchema<`${Prefix}${P}`>,
  QS extends Schema = NoQuery,
  HS extends Schema = NoHeaders,
  CS extends Schema = NoCookies,
  IS extends Schema = NoMessages,
  OS extends Schema = NoMessages,
  const SP extends string = never,
  CB extends CallbackSet = {},
  D extends DependencySet = {},
  W extends WebhookSet = {},
>(
  path: P,
  definition: SocketDefinition<`${Prefix}${P}`, PS, QS, HS, CS, IS, OS, SP, CB, D, RD, RC, W> &
    CheckInherited<RC, SocketExchange<PS, QS, HS, D & RD>>,
  handler: (
    context: SocketContext<PS, QS, HS, CS, IS, OS, SP, CB & RC, SocketExchange<PS, QS, HS, D & RD>, W & RW> &
      Values<D> &
      Values<RD>,
  ) => MaybePromise<void>,
) => void
