import { describe, test } from 'node:test'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import { addingCases } from './adding.ts'
import { breakerCases } from './breakers.ts'
import { claimingCases } from './claiming.ts'
import { clockCases } from './clocks.ts'
import { deathCases } from './deaths.ts'
import { endingCases } from './ending.ts'
import { expiringCases } from './expiring.ts'
import { findingCases } from './finding.ts'
import { handlerCases } from './handlers.ts'
import { holdingCases } from './holding.ts'
import { keyCases } from './keys.ts'
import { laneCases } from './lanes.ts'
import { managingCases } from './managing.ts'
import { orderingCases } from './ordering.ts'
import { outageCases } from './outages.ts'
import { pausingCases } from './pausing.ts'
import { rateCases } from './rates.ts'
import { replayingCases } from './replaying.ts'
import { secretCases } from './secrets.ts'
import { statsCases } from './stats.ts'
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
  const cases = [
    ...keyCases,
    ...addingCases,
    ...holdingCases,
    ...claimingCases,
    ...deathCases,
    ...clockCases,
    ...laneCases,
    ...endingCases,
    ...expiringCases,
    ...handlerCases,
    ...orderingCases,
    ...breakerCases,
    ...outageCases,
    ...managingCases,
    ...findingCases,
    ...replayingCases,
    ...pausingCases,
    ...rateCases,
    ...secretCases,
    ...statsCases,
    ...webhookCases,
  ]
  describe(name, () => {
    for (const { name: sentence, run } of cases)
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
