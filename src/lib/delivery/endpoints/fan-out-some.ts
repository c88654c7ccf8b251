import type { DeliveryStore } from '../delivery-store.ts'
import type { WebhookCatalogue } from './webhook-catalogue.ts'

/** What fan-outs are made with. */
export interface FanoutContext {
  readonly store: Pick<DeliveryStore, 'continueFanouts' | 'cancelStale'>
  /** Without events there is nothing to look for. */
  readonly catalogue: Pick<WebhookCatalogue, 'events'>
}

/**
 * Makes a piece of the deliveries of messages for many endpoints, and cancels a piece of those of disabled ones; true if there
 * was something to do.
 */
export async function fanOutSome(
  { store, catalogue }: FanoutContext,
  request: { readonly limit: number; readonly now: number },
): Promise<boolean> {
  if (catalogue.events.size === 0) return false
  const [made, cancels] = await Promise.all([store.continueFanouts(request), store.cancelStale(request)])
  return made !== undefined || cancels
}
