import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../clock.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import type { StoreFilter } from '../stored-delivery.ts'
import { ErasePendingError } from './erase-pending-error.ts'

/** See `Deliveries.erase`. */
export interface EraseOptions {
  /** How long to wait for others that read the store, in milliseconds. Default: 5,000. */
  readonly waitMs?: number
}

const erasedAtOnce = 500
const tryAgainMs = 25

/**
 * Removes deliveries piece by piece, so that other work gets its turn, and then what is left of them in the store's
 * files.
 */
export async function eraseDeliveries(
  { store, clock }: { readonly store: DeliveryStore; readonly clock: Clock },
  filter: StoreFilter,
  { waitMs = 5_000 }: EraseOptions = {},
): Promise<number> {
  let erased = 0
  for (let count = 1; count > 0; erased += count)
    count = await store.erase({ ...filter, now: clock.now(), limit: erasedAtOnce })
  const until = performance.now() + waitMs
  while (!(await store.wipe())) {
    if (performance.now() >= until) throw new ErasePendingError(erased)
    await delay(tryAgainMs)
  }
  return erased
}
