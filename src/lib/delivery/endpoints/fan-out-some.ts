import type { Clock } from '../../clock.ts'
import type { Log } from '../../log/log.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import type { WebhookCatalogue } from './webhook-catalogue.ts'

/** What {@link FanoutWork} works with. */
export interface FanoutContext {
  readonly store: Pick<DeliveryStore, 'continueFanouts' | 'cancelStale'>
  readonly clock: Clock
  readonly log: Log
  /** Without events there is nothing to look for. */
  readonly catalogue: Pick<WebhookCatalogue, 'events'>
}

const pieceSize = 256
const lookEveryMs = 1_000
const afterFailureMs = 30_000

/** Makes the deliveries of messages for many endpoints, and cancels those of disabled ones, a piece in each turn. */
export class FanoutWork {
  readonly #context: FanoutContext
  #lookAt = 0

  constructor(context: FanoutContext) {
    this.#context = context
  }

  /** Makes the next `doSome` look. */
  wake(): void {
    this.#lookAt = 0
  }

  /** Does a piece if it is time to look; true if there was something to do. */
  async doSome(now: number): Promise<boolean> {
    const leftMs = this.#lookAt - now
    // If more is left, the clock was set back meanwhile.
    if (leftMs > 0 && leftMs <= afterFailureMs) return false
    const { store, log, catalogue } = this.#context
    if (catalogue.events.size === 0) return false
    try {
      const request = { limit: pieceSize, now }
      const [made, cancels] = await Promise.all([store.continueFanouts(request), store.cancelStale(request)])
      const didSome = made !== undefined || cancels
      this.#lookAt = didSome ? now : now + lookEveryMs
      return didSome
    } catch (error) {
      this.#lookAt = now + afterFailureMs
      log.warn('Could not go on making the deliveries of webhooks', { error })
      return false
    }
  }
}
