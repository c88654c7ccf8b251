import type { MaybePromise } from '../../operation/responses.ts'
import type { AnyWebhook } from '../../operation/webhook-definition.ts'
import type { Output, Schema } from '../../schema/schema.ts'
import type { ReceiverRespondOptions, ReceiverResponse } from '../received.ts'

/**
 * Definitions of webhooks by the names of their events: what `receive` takes for one URL that gets all of them.
 *
 * @example
 * ```ts
 * import { type ReceivableWebhooks, webhook } from 'ringback/receiver'
 * import { z } from 'zod'
 *
 * const webhooks: ReceivableWebhooks = { 'invoice.paid': webhook.post({ data: z.object({ id: z.string() }) }) }
 * console.log(Object.keys(webhooks)) // [ 'invoice.paid' ]
 * ```
 */
export interface ReceivableWebhooks {
  readonly [event: string]: AnyWebhook
}

interface Parts {
  readonly sent: Schema
  readonly headers: Schema
}

type PartsOf<W> = W extends { readonly '~parts'?: infer P extends Parts | undefined } ? NonNullable<P> : Parts

/** What the handler of a webhook gets: the message, verified and as declared. */
export interface ReceivedWebhook<W extends AnyWebhook = AnyWebhook, E extends string = string> {
  /** The name of the event. */
  readonly event: E
  /** What the sender gave to `send`: `data` of the envelope, or the whole body of a webhook that has none. */
  readonly data: Output<PartsOf<W>['sent']>
  /** The `timestamp` of the envelope: when it happened. Undefined for a webhook that has none. */
  readonly occurredAt: Date | undefined
  readonly headers: Output<PartsOf<W>['headers']>
  /** The same for every attempt of the message to this endpoint. */
  readonly id: string
  /** When this attempt was made, in seconds since 1970-01-01T00:00:00Z. */
  readonly timestamp: number
  /** Somebody tests the endpoint, and nothing has happened: only with `acceptTests`. */
  readonly isTest: boolean
  /** The request, whose body has been read. */
  readonly request: Request
  /** Makes a response with a declared status. One that is not a 2xx is not kept: the next attempt is handled again. */
  readonly respond: (status: number, body?: unknown, options?: ReceiverRespondOptions) => ReceiverResponse
  /**
   * Stores the response before the handler returns it, as it does for callbacks: with `transaction`, together with what the
   * handler writes. Throws `ClaimLostError` where the handler took longer than its claim holds.
   */
  readonly handled: (response?: unknown, options?: { readonly transaction?: unknown }) => MaybePromise<ReceiverResponse>
}

/** The handlers of `receive`, one for each event. What they return is checked against the declared response. */
export type WebhookHandlers<W extends ReceivableWebhooks> = {
  readonly [E in keyof W & string]: (received: ReceivedWebhook<W[E], E>) => MaybePromise<unknown>
}
