import { describe, test } from 'node:test'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import { deliveryCases } from './delivery-cases.ts'
import { webhookCases } from './webhooks.ts'

/** Which store {@link storeConformance} tests. */
export interface StoreConformanceOptions {
  /** The name under which the tests are listed. */
  readonly name: string
  /**
   * Makes an empty store. It is called for each test, and the test closes the store. A store with a clock of its own
   * must be told to use the caller's time.
   */
  create(): DeliveryStore | Promise<DeliveryStore>
}

/**
 * Registers, with `node:test`, tests for everything that the engine expects of a store. A store of your own that passes
 * them can be given to `createDelivery`.
 *
 * @example
 * ```ts
 * import { memoryStore } from 'ringback/delivery'
 * import { storeConformance } from 'ringback/store-conformance'
 *
 * storeConformance({ name: 'memoryStore', create: () => memoryStore() })
 * ```
 */
export function storeConformance({ name, create }: StoreConformanceOptions): void {
  describe(name, () => {
    for (const { name: sentence, run } of [...deliveryCases, ...webhookCases])
      test(sentence, async () => {
        const store = await create()
        try {
          await run(store)
        } finally {
          await store.close()
        }
      })
  })
}
