import type { JsonSchema } from '../schema/json-schema.ts'
import type { WebhookTargets } from './stored-delivery.ts'

/** One request to be delivered, as a callback's `send` makes it from its arguments. */
export interface DeliveryRequest {
  /** An id that `newId` gave before the request was made. Default: a new one. */
  readonly id?: string | undefined
  /**
   * The operation, and the callback's name in it. Deliveries are found again by these, and so is their `onResponse`.
   */
  readonly operation: string
  readonly callback: string
  readonly method: string
  /** An absolute http or https URL. */
  readonly url: string
  /** The base URL that the receiver gave. Each pair of destination and recipient is isolated from all others. */
  readonly destination: string
  /**
   * The tenant that the request is made for, whose secret signs. Without one, the destination has a secret of its own.
   */
  readonly recipient?: string | undefined
  /** Sealed in the store. Hop-by-hop headers, `host`, `content-length`, `cdn-loop` and `webhook-*` are reserved. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The bytes that every attempt sends. */
  readonly body?: Uint8Array | undefined
  /** The media type of the body. Default: `application/json`. */
  readonly contentType?: string | undefined
  /** The declared responses, by status. Without them, every 2xx counts as declared. */
  readonly responses?: DeclaredResponses | undefined
  /** When to send it, in epoch milliseconds. Default: at once. */
  readonly at?: number | undefined
  /** How long to wait before it is sent, in milliseconds. Excludes `at`. */
  readonly delayMs?: number | undefined
  /** When it becomes useless, in epoch milliseconds: no attempt begins then or later. Default: never. */
  readonly expiresAt?: number | undefined
  /**
   * Unique per callback, destination and recipient. Using a key again with the same bytes returns the first delivery.
   */
  readonly idempotencyKey?: string | undefined
  /** Deliveries with the same key to the same destination are sent in the order in which they were stored. */
  readonly orderingKey?: string | undefined
  readonly retryDelaysSeconds?: readonly number[] | undefined
  /** The statuses, from 300 to 599, that end the delivery as failed at once. Default: the engine's. */
  readonly finalStatuses?: readonly number[] | undefined
  readonly timeoutMs?: number | undefined
  /** Whether to send again after a 2xx that is not as declared. Default: false. */
  readonly retryOnInvalidResponse?: boolean | undefined
  /** Whether the engine's `onResponse` gets the response. */
  readonly hasOnResponse?: boolean | undefined
  /** Whether the receiver gets a `traceparent`, so that its trace continues this one. Default: false. */
  readonly propagate?: boolean | undefined
  /** Makes this the message of a webhook: see {@link WebhookRequest}. */
  readonly webhook?: WebhookRequest | undefined
}

/**
 * Which endpoints get a message, as `WebhookTargets` says. The request's `operation`, `url` and `destination` are empty
 * then, and `callback` is the name of the event.
 */
export interface WebhookRequest extends Omit<WebhookTargets, 'older'> {
  readonly older?: DeliveryRequest | undefined
  /** What must be the same when an idempotency key is used again. Default: the body. */
  readonly sameBytes?: Uint8Array | undefined
}

/** The declared responses by status (`200`, `2XX`, `default`). `schema` is a JSON Schema of draft 2020-12. */
export interface DeclaredResponses {
  readonly [status: string]: { readonly schema?: JsonSchema }
}
