import type { DeliveryStore } from '../../delivery/delivery-store.ts'

/** One property that every store must have. */
export interface ConformanceCase {
  /** A sentence that begins with the method it is about. */
  readonly name: string
  run(store: DeliveryStore): Promise<void>
}
