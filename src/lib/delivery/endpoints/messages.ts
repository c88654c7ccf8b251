import type { DeliveryState } from '../delivery-state.ts'
import type { OfOwner, Page, Paging } from './endpoint.ts'

/** A message of a webhook: what was sent once, to any number of endpoints. */
export interface WebhookMessage<E extends string = string> {
  readonly id: string
  readonly event: E
  /** Null if it was sent to everyone. */
  readonly owner: string | null
  readonly channels: readonly string[]
  /** When it happened. */
  readonly timestamp: Date
  readonly createdAt: Date
  /** Whether a delivery has been made for every endpoint. */
  readonly expanded: boolean
  /** How many deliveries there are in each state: those of the owner who is named, or all. */
  readonly deliveries: Readonly<Record<DeliveryState, number>>
}

/** The messages of webhooks. Every call names the owner. */
export interface WebhookMessages<E extends string = string> {
  list(
    filter: OfOwner &
      Paging & { readonly event?: E; readonly events?: readonly E[]; readonly since?: Date; readonly until?: Date },
  ): Promise<Page<WebhookMessage<E>>>
  /** Undefined if there is none that this owner was sent. */
  get(id: string, of: OfOwner): Promise<(WebhookMessage<E> & { readonly body: Uint8Array | null }) | undefined>
  /** Makes no further deliveries, and cancels what still waits. */
  cancel(id: string, of: OfOwner): Promise<{ readonly cancelled: number }>
}
