import type { TemplateParams } from '../expression/types/path-template.ts'
import type { TypeExchange } from '../expression/types/type-exchange.ts'
import type { Schema } from '../schema/schema.ts'
import type { ChosenFrom } from './bodies/response-choice.ts'
import type { CallbackSet, CheckInherited } from './check-callbacks.ts'
import type { Context, Handling, OperationExchange } from './context.ts'
import type { Definition, TemplateSchema } from './definition.ts'
import type { NeedsOf, Values } from './dependency-definition.ts'
import type { DependencySet } from './dependency-set.ts'
import type { AnyOperation, Handler } from './operation.ts'
import type {
  DefaultStatus,
  NoBody,
  NoCookies,
  NoHeaders,
  NoQuery,
  NoResponse,
  NoResponseHeaders,
  Responses,
} from './responses.ts'
import type { WebhookSet } from './webhook-definition.ts'

type NoDefinition = 'a path takes a definition and a handler: (path, { … }, handler)'

/** What a separate operation declares, with what the router adds. */
interface ApartExchange<O extends AnyOperation, Prefix extends string, RD> extends TypeExchange {
  readonly params: ExchangeOf<O>['params'] & TemplateParams<Prefix> & NeedsOf<RD, 'params'>
  readonly query: ExchangeOf<O>['query'] & NeedsOf<RD, 'query'>
  readonly headers: ExchangeOf<O>['headers'] & NeedsOf<RD, 'headers'>
  readonly body: ExchangeOf<O>['body']
  readonly responseBody: ExchangeOf<O>['responseBody']
  readonly responseHeaders: ExchangeOf<O>['responseHeaders']
}

type ExchangeOf<O extends AnyOperation> = NonNullable<O['~exchange']>

/**
 * Registers a handler for a path and one method: path, definition, handler; or an `operation` and its handler. What the
 * router declares (its prefix, its callbacks RC, its dependencies RD) is added.
 *
 * `H` comes first and has no default, so that the handler's contextual type is known before its body is checked, and
 * literals in what it returns keep their types.
 */
export interface Route<Prefix extends string, RC, RD, RW = {}> {
  <
    H extends Handling<
      Context<PS, QS, HS, CS, BS, ChosenFrom<RS, RV>, ST, RR, CB & RC, D & RD, RH, W, RW> & Values<D> & Values<RD>,
      ChosenFrom<RS, RV>,
      RH
    >,
    const P extends string,
    PS extends Schema = TemplateSchema<`${Prefix}${P}`>,
    QS extends Schema = NoQuery,
    HS extends Schema = NoHeaders,
    CS extends Schema = NoCookies,
    BS extends Schema = NoBody,
    RS extends Schema = NoResponse,
    const ST extends number = DefaultStatus<RS>,
    const RR extends Responses = {},
    RH extends Schema = NoResponseHeaders,
    CB extends CallbackSet = {},
    D extends DependencySet = {},
    RV extends readonly Schema[] = [],
    W extends WebhookSet = {},
  >(
    path: P,
    definition: Definition<`${Prefix}${P}`, PS, QS, HS, CS, BS, RS, ST, RR, RH, CB, D, RD, RC, RV, W> &
      CheckInherited<RC, OperationExchange<PS, QS, HS, BS, ChosenFrom<RS, RV>, RH, D & RD>>,
    handler: H,
  ): void
  <O extends AnyOperation | string>(
    operation: O & (O extends AnyOperation ? CheckInherited<RC, ApartExchange<O, Prefix, RD>> : unknown),
    handler: O extends AnyOperation ? Handler<O> : NoDefinition,
  ): void
}
