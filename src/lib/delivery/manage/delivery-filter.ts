import { canonicalUrl } from '../../url/canonical-url.ts'
import type { DeliveryState } from '../delivery-state.ts'
import { deliveryId } from '../keys/webhook-id.ts'
import type { StoreFilter } from '../stored-delivery.ts'
import { checkStoredText } from './check-stored-text.ts'

/** Which deliveries are meant; all given conditions must match. */
export interface DeliveryFilter {
  /** One state, or any of several. */
  readonly state?: DeliveryState | readonly DeliveryState[]
  readonly operation?: string
  readonly callback?: string
  /** The beginning of the URL. */
  readonly url?: string
  /** The beginning of the id, or a whole `webhook-id`. */
  readonly id?: string
  /** The beginning of the idempotency key. */
  readonly idempotencyKey?: string
  /** The base URL that the receiver gave, in any spelling. */
  readonly destination?: string
  /** The tenant that the message is for. */
  readonly recipient?: string
  /** The ids of an endpoint, and of a webhook's message. */
  readonly endpoint?: string
  readonly message?: string
  /** Whose endpoint it is. */
  readonly owner?: string
  /** Whether an attempt has begun. */
  readonly attempted?: boolean
  /** Created at or after this time: epoch milliseconds. */
  readonly since?: number
  /** Created before this time: epoch milliseconds. */
  readonly until?: number
}

/** A filter in the form that a store takes. Throws a `RangeError` for text that no store could hold. */
export function storeFilter(filter: DeliveryFilter): StoreFilter {
  const { id, destination, recipient, ...others } = filter
  for (const name of [
    'url',
    'id',
    'idempotencyKey',
    'destination',
    'recipient',
    'endpoint',
    'message',
    'owner',
  ] as const)
    checkStoredText(name, filter[name])
  return {
    ...others,
    ...(id !== undefined && { id: deliveryId(id) }),
    ...(destination !== undefined && { destination: canonicalUrl(destination) }),
    ...(recipient !== undefined && { recipient: canonicalUrl(recipient) }),
  }
}
