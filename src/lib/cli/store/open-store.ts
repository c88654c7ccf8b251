import type { DeliveryStore } from '../../delivery/delivery-store.ts'

/** A store, and the master secrets that a server would use with it; none where it would have to make one. */
export interface OpenStore {
  readonly store: DeliveryStore
  readonly masterSecrets: readonly string[]
  /** Where the default one is; undefined for a store that has no default one. */
  readonly masterSecretPath: string | undefined
  /** Brings the tables to this release's version. */
  readonly migrate: () => Promise<void>
}
