import type { Owner } from '../../delivery/endpoints/owner.ts'
import type { Input, Schema } from '../../schema/schema.ts'
import type { WebhookDefinition } from '../webhook-definition.ts'

/** The names of the events of a set; any name where the set has none. */
export type EventName<W> = [keyof W] extends [never] ? string : keyof W & string

/** The options of a webhook's `send` that do not depend on its declaration. */
export interface WebhookSendSettings {
  /**
   * Whose endpoints get it: the customer of yours whom it concerns, as your application names it; or `everyone`. 1 to 256
   * characters, without control characters.
   */
  readonly owner: Owner
  /** Two sends with the same key, webhook and owner make one message. Different bytes with that key are a 409. */
  readonly idempotencyKey?: string
  /** When it happened: the `timestamp` of the envelope. Default: now. */
  readonly timestamp?: Date
  /** Not before this time. */
  readonly at?: Date
  /** Not before this many milliseconds from now. */
  readonly delayMs?: number
  /** When it is of no use any more: no attempt begins then or later. Default: never. */
  readonly expiresAt?: Date
  /** Messages with one key arrive at each endpoint in the order in which they were stored. */
  readonly orderingKey?: string
  /**
   * A connection of your own in a transaction of the store's database: the message is stored at once in that transaction,
   * which decides whether it happened. `send` rejects with `NotInTransactionError` if the connection is not in one.
   */
  readonly transaction?: unknown
  /**
   * At most 5, of 1 to 128 characters. Endpoints that name channels get the message only if they name one of these; those
   * that name none get it in any case. Default: none.
   */
  readonly channels?: readonly string[]
}

type HeadersPart<HS extends Schema> =
  {} extends Input<HS> ? { readonly headers?: Input<HS> } : { readonly headers: Input<HS> }

/**
 * The options of a webhook's `send`: `headers` as the webhook declares them.
 *
 * @example
 * ```ts
 * import type { WebhookSendOptions } from 'ringback'
 * import type { z } from 'zod'
 *
 * const options: WebhookSendOptions<z.ZodObject<{}>> = { owner: 'customer-17', channels: ['eu'] }
 * console.log(options.owner) // customer-17
 * ```
 */
export type WebhookSendOptions<HS extends Schema> = WebhookSendSettings & HeadersPart<HS>

/** A webhook that can be sent. */
export interface BoundWebhook<S extends Schema, HS extends Schema> {
  /**
   * Makes one message, and a delivery of it for each endpoint of the owner that wants it. During a request it is stored
   * together with all that the request sends, when the handler returns; elsewhere, and with `transaction`, it is stored at
   * once. Resolves to the id of the message, for `app.messages`.
   *
   * Throws `CallbackArgumentError` for data or options that do not fit, a `RangeError` without an owner, and
   * `WebhookReplacedError` for a webhook that a newer one replaces.
   */
  send(data: Input<S>, options: WebhookSendOptions<HS>): Promise<{ readonly id: string }>
}

/** The webhooks of a set, ready to be sent: `app.webhooks`, and `webhooks` of a handler. */
export type BoundWebhooks<W> = {
  readonly [E in keyof W]: W[E] extends WebhookDefinition<infer S, infer HS> ? BoundWebhook<S, HS> : never
}
