import type { Clock } from '../clock.ts'
import type { Log } from '../log/log.ts'
import type { DeliveryEmitter } from './delivery-events.ts'
import type { DeliveryStore } from './delivery-store.ts'
import type { StoreKeys } from './keys/store-keys.ts'

/** What the parts of an engine share. Each takes only what it needs. */
export interface SharedParts {
  readonly store: DeliveryStore
  readonly clock: Clock
  readonly log: Log
  readonly events: DeliveryEmitter
  readonly keys: StoreKeys
  readonly masterSecrets: readonly string[]
  readonly makeId: () => string
  /** Makes the worker look at once for what is due. */
  readonly wake: () => void
}
