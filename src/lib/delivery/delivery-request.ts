import type { JsonSchema } from '../schema/json-schema.ts'

/** One request to be delivered: what a callback's `send` makes of its arguments. */
export interface DeliveryRequest {
  /** One that `newId` gave before the request was known. Default: a new one. */
  readonly id?: string | undefined
  /** The operation, and the callback's name on it: how deliveries are found again, and `onResponse` with them. */
  readonly operation: string
  readonly callback: string
  readonly method: string
  /** An absolute http or https URL. */
  readonly url: string
  /** The base URL that the receiver gave: together with the recipient what is isolated from others. */
  readonly destination: string
  /** The tenant for whom the request is made, whose secret signs. Without one the destination has a secret of its own. */
  readonly recipient?: string | undefined
  /** Sealed in the store. Hop-by-hop headers, `host`, `content-length`, `cdn-loop` and `webhook-*` are reserved. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The bytes that every attempt sends. */
  readonly body?: Uint8Array | undefined
  /** Of the body. Default: `application/json`. */
  readonly contentType?: string | undefined
  /** What counts as a declared response, by status; without it every 2xx does. */
  readonly responses?: DeclaredResponses | undefined
  /** When to send, epoch milliseconds; default: at once. */
  readonly at?: number | undefined
  /** How long to wait before it is sent, in milliseconds, in place of `at`. */
  readonly delayMs?: number | undefined
  /** When it is of no use any more, epoch milliseconds: no attempt begins then or later. Default: never. */
  readonly expiresAt?: number | undefined
  /** Unique per callback, destination and recipient: the same key and bytes again give the first delivery. */
  readonly idempotencyKey?: string | undefined
  /** Deliveries of one key to one destination leave in the order they were stored. */
  readonly orderingKey?: string | undefined
  readonly retryDelaysSeconds?: readonly number[] | undefined
  /** The statuses that end the delivery as failed at once: of 300 to 599. Default: the engine's. */
  readonly finalStatuses?: readonly number[] | undefined
  readonly timeoutMs?: number | undefined
  /** Whether a 2xx that is not as declared is sent again; default: false. */
  readonly retryOnInvalidResponse?: boolean | undefined
  /** Whether the engine's `onResponse` wants the response. */
  readonly hasOnResponse?: boolean | undefined
  /** Whether the receiver gets a `traceparent`, so that its trace continues this one. Default: false. */
  readonly propagate?: boolean | undefined
}

/** The declared responses by status (`200`, `2XX`, `default`): `schema` is a JSON Schema of draft 2020-12. */
export interface DeclaredResponses {
  readonly [status: string]: { readonly schema?: JsonSchema }
}
