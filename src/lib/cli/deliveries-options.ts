import type { DeliveryState } from '../delivery/delivery-state.ts'

/** What every command on deliveries takes. */
export interface StoreOptions {
  readonly store?: string
  readonly json?: boolean
}

/** Which deliveries; times are epoch milliseconds. */
export interface FilterOptions {
  readonly state?: DeliveryState
  readonly operation?: string
  readonly callback?: string
  readonly url?: string
  readonly recipient?: string
  readonly since?: number
  readonly until?: number
}
