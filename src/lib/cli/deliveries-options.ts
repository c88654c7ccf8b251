import type { DeliveryState } from '../delivery/delivery-state.ts'

/** What every command on deliveries takes. */
export interface StoreOptions {
  readonly store?: string
  readonly json?: boolean
}

/** Which deliveries; times are epoch milliseconds. */
export interface FilterOptions {
  readonly state?: readonly DeliveryState[]
  readonly operation?: string
  readonly callback?: string
  readonly url?: string
  readonly id?: string
  readonly idempotencyKey?: string
  readonly destination?: string
  readonly recipient?: string
  readonly attempted?: boolean
  readonly since?: number
  readonly until?: number
}
