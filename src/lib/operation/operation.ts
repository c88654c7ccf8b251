import type { TypeExchange } from '../expression/types/type-exchange.ts'
import type { Schema } from '../schema/schema.ts'
import type { ChosenFrom } from './bodies/response-choice.ts'
import type { CallbackSet } from './check-callbacks.ts'
import type { Context, OperationExchange, Returned } from './context.ts'
import type { Definition, TemplateSchema } from './definition.ts'
import type { Values } from './dependency-definition.ts'
import type { DependencySet } from './dependency-set.ts'
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

/** A path and its definition, separate from their handler. Made by `operation`. */
export interface Operation<
  P extends string,
  PS extends Schema,
  QS extends Schema,
  HS extends Schema,
  CS extends Schema,
  BS extends Schema,
  RS extends Schema,
  ST extends number,
  RR extends Responses,
  RH extends Schema,
  CB extends CallbackSet,
  D extends DependencySet,
  W extends WebhookSet = {},
> {
  readonly kind: 'operation'
  readonly path: P
  readonly definition: Definition<P, PS, QS, HS, CS, BS, RS, ST, RR, RH, CB, D, {}, {}, [], W>
  /** Only a type: what `Handler<typeof op>` reads. */
  readonly '~handler'?: (context: Context<PS, QS, HS, CS, BS, RS, ST, RR, CB, D, RH, W> & Values<D>) => Returned<RS, RH>
  /** Only a type: what the callbacks of a router may read. */
  readonly '~exchange'?: OperationExchange<PS, QS, HS, BS, RS, RH, D>
}

/** Any operation, as `app.post(op, handler)` takes it. */
export interface AnyOperation {
  readonly kind: 'operation'
  readonly path: string
  readonly definition: object
  readonly '~handler'?: unknown
  readonly '~exchange'?: TypeExchange
}

/** The type of a handler of an operation: `const h: Handler<typeof op> = async ({ body }) => …`. */
export type Handler<O extends AnyOperation> = NonNullable<O['~handler']>

/**
 * Keeps a path and its definition, separate from the handler, with all their literal types, and checks them in that
 * place. `app.post(op, handler)` registers it; `Handler<typeof op>` is the type of its handler.
 *
 * @example
 * ```ts
 * import { type Handler, operation, Ringback } from 'ringback'
 * import { z } from 'zod'
 *
 * const readInvoice = operation('/invoices/{invoice_id}', { response: z.object({ id: z.string() }) })
 * const handler: Handler<typeof readInvoice> = async ({ params }) => ({ id: params.invoice_id })
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.get(readInvoice, handler)
 * ```
 */
export function operation<
  const P extends string,
  PS extends Schema = TemplateSchema<P>,
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
  definition: Definition<P, PS, QS, HS, CS, BS, RS, ST, RR, RH, CB, D, {}, {}, RV, W>,
): Operation<P, PS, QS, HS, CS, BS, ChosenFrom<RS, RV>, ST, RR, RH, CB, D, W> {
  // The list of its responses is a type of its own there.
  const made: object = Object.freeze({ kind: 'operation', path, definition })
  return made as Operation<P, PS, QS, HS, CS, BS, ChosenFrom<RS, RV>, ST, RR, RH, CB, D, W>
}
