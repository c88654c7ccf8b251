import type { Clock } from '../../clock.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import type { SharedParts } from '../shared-parts.ts'
import { checkPause } from './check-pause.ts'
import type { Pause } from './stored-destination.ts'

/** Pausing and resuming all sending. */
export interface SendingControl {
  /**
   * Begins no more attempts, in any process that uses the store, until `resume`. Running attempts end, deliveries still
   * expire, `send` still stores and `call` still sends. Throws a `RangeError` for a reason or a name that is empty or
   * longer than 1,024 characters.
   */
  pause(pause: { readonly reason: string; readonly by: string }): Promise<void>
  resume(): Promise<void>
  /** Since when, why and by whom all sending is paused; undefined if it is not. */
  paused(): Promise<Pause | undefined>
}

export function sendingControl({ store, clock, wake }: Pick<SharedParts, 'store' | 'clock' | 'wake'>): SendingControl {
  return {
    async pause(given) {
      await store.pauseSending({ pause: checkPause(given), now: clock.now() })
    },
    async resume() {
      await store.pauseSending({ pause: undefined, now: clock.now() })
      wake()
    },
    paused: () => store.sendingPause(),
  }
}
