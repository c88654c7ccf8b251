import type { Clock } from '../clock.ts'
import { eventOf } from './attempt/attempt-runner.ts'
import type { DeliveryEmitter } from './delivery-events.ts'
import type { AddResult, DeliveryStore } from './delivery-store.ts'
import type { PreparedDelivery } from './prepare-delivery.ts'
import type { SharedParts } from './shared-parts.ts'

/** Deliveries that are stored, and wait until it is known whether what they report has happened. */
export interface HeldDeliveries {
  /**
   * Makes them due. If it rejects with `StoreUnavailableError`, they become due when their time of holding has passed.
   */
  makeDue(): Promise<void>
  /** Removes them, as if they had never been stored. */
  takeBack(): Promise<void>
}

/** Held deliveries are sent after this time if nobody says anything: the process may have died after its commit. */
export const heldMs = 60_000

/** The held deliveries of one request, from what the store returned for them. */
export function heldDeliveries(
  prepared: readonly PreparedDelivery[],
  { added }: Exclude<AddResult, { readonly conflict: unknown }>,
  { store, clock, events, wake }: Pick<SharedParts, 'store' | 'clock' | 'events' | 'wake'>,
): HeldDeliveries {
  return {
    async makeDue() {
      const deliveries = added.map(({ id }, index) => {
        const { dueAt, delayMs } = prepared[index]!.row
        return { id, dueAt, delayMs }
      })
      const due = new Set(await store.makeDue({ deliveries, now: clock.now() }))
      wake()
      if (!events.has('delivery.created')) return
      for (const [index, { id }] of added.entries())
        if (due.delete(id)) events.emit('delivery.created', { ...eventOf(prepared[index]!.row), id })
    },
    async takeBack() {
      await store.takeBack({ ids: added.map(({ id }) => id), now: clock.now() })
    },
  }
}
